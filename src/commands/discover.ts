import { exitCode, type ExitCode } from '../core/errors.ts';
import { formatBytes, formatCount } from '../core/figures.ts';
import { asText } from '../core/json.ts';
import { formatInstant, isoMoment } from '../core/time.ts';
import { listSources, type ListedSource } from '../ingest/list.ts';
import { windowOf, type Invocation } from './command.ts';
import { viewSettings } from './settings.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Terminal } from './terminal.ts';

/**
 * Lists what a sync would read. JSON: `total` and `sources`, each with agent, user, project, session_id, first_ts, last_ts,
 * size_bytes, synced and path; times are ISO instants, null where the file has none.
 */
export async function discover(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, surroundings, zone, now } = invocation;
  const found = await listSources(
    {
      storeDir,
      roots: flags.list('root'),
      agents: flags.list('agent'),
      window: windowOf(invocation),
      memoryBytes: invocation.memoryBytes,
    },
    { ...surroundings, now, projects: () => projectsOf(invocation) },
  );
  const shown = found.slice(0, flags.count('limit', found.length + 1));
  if (flags.flag('json')) terminal.json({ total: found.length, sources: shown });
  else printSources(shown, found.length, terminal, zone);
  return exitCode.ok;
}

/** The projects of the store's sources, by their ids; the views are loaded only for this. */
async function projectsOf(invocation: Invocation): Promise<ReadonlyMap<string, string>> {
  const { withViews } = await import('./views.ts');
  const { rows } = await withViews(
    { storeDir: invocation.storeDir, memoryBytes: invocation.memoryBytes, settings: viewSettings(invocation) },
    ({ query }) =>
      query('select source_id, any_value(project) from events where project is not null group by source_id'),
  );
  return new Map(rows.map(([source, project]) => [asText(source) ?? '', asText(project) ?? '']));
}

function printSources(shown: readonly ListedSource[], total: number, terminal: Terminal, zone: string): void {
  if (total === 0) {
    terminal.note('No transcripts found. `sesh doctor` shows where sesh looked.');
    return;
  }
  for (const line of tableLines(columnsIn(zone), shown, terminal.width)) terminal.print(line);
  const bytes = shown.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  const isNew = shown.filter(({ synced }) => !synced).length;
  terminal.note(
    `${formatCount(shown.length)} of ${formatCount(total)} files, ${formatBytes(bytes)}, ${formatCount(isNew)} not synced.`,
  );
}

function columnsIn(zone: string): readonly TableColumn<ListedSource>[] {
  const time = (text: string | null): string => {
    const moment = text === null ? null : isoMoment(text, 'UTC');
    return moment === null ? '-' : formatInstant(moment, zone);
  };
  return [
    { title: 'SESSION', value: ({ session_id }) => session_id ?? '-', flexible: true },
    { title: 'FIRST EVENT', value: ({ first_ts }) => time(first_ts), spare: 2 },
    { title: 'LAST EVENT', value: ({ last_ts }) => time(last_ts) },
    { title: 'SIZE', value: ({ size_bytes }) => formatBytes(size_bytes), align: 'right' },
    { title: 'SYNCED', value: ({ synced }) => (synced ? 'yes' : 'no') },
    { title: 'PROJECT', value: ({ project }) => project ?? '-', flexible: true },
    { title: 'AGENT', value: ({ agent }) => agent, spare: 3 },
    { title: 'USER', value: ({ user }) => user ?? '-', spare: 4 },
  ];
}
