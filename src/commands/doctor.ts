import { existsSync } from 'node:fs';
import { agentsNamed } from '../agents/index.ts';
import { exitCode, UsageError, type ExitCode } from '../core/errors.ts';
import { formatCount, plural } from '../core/figures.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import { everything } from '../core/window.ts';
import { discoverSources } from '../discover/discover.ts';
import { filesHolding } from '../ingest/absence.ts';
import { checkStore, type Finding } from '../lake/check.ts';
import { openStore, storePaths } from '../lake/store.ts';
import { loadCatalog } from '../views/load.ts';
import type { Views } from '../views/query.ts';
import { cellsOf, type Cells } from './cells.ts';
import type { Invocation } from './command.ts';
import { tableLines, type TableColumn } from './table.ts';
import type { Style, Terminal } from './terminal.ts';
import { settingsOf } from './settings.ts';
import { records, withViews } from './views.ts';
import { ownVersion } from './version.ts';

interface Health {
  readonly versions: Readonly<Record<string, string>>;
  readonly store: string;
  readonly findings: readonly Finding[];
  readonly agents: readonly JsonObject[];
  readonly places: readonly Place[];
}

interface Place {
  readonly agent: string;
  readonly path: string;
  /** `default`, or the variable or option that names the place. */
  readonly origin: string;
  readonly exists: boolean;
  readonly files: number;
}

/**
 * Checks everything and changes nothing. JSON: `versions`, `store`, `findings` (level, what, where, next), `agents` (what the store
 * holds of each, as the view agent_coverage) and `places` (agent, path, origin, exists, files). Exit code 3 when a finding is an error.
 */
export async function doctor(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir } = invocation;
  const absent = flags.text('absent');
  if (absent !== undefined) return await proveAbsence(absent, invocation);
  const health: Health = {
    versions: await versions(),
    store: storeDir,
    ...(await findingsOf(invocation)),
    places: placesOf(invocation),
  };
  if (flags.flag('json')) terminal.json(health);
  else printHealth(health, terminal, invocation.zone);
  return health.findings.some(({ level }) => level === 'error') ? exitCode.dataProblems : exitCode.ok;
}

/** Looks through every file of the store. JSON: `holding`, the files that hold the text. Exit code 3 when there is one. */
async function proveAbsence(text: string, { flags, terminal, storeDir }: Invocation): Promise<ExitCode> {
  if (text === '') throw new UsageError('Expected --absent to be a text, got nothing.');
  const holding = await filesHolding(await openStore(storeDir, { create: false }), text);
  if (flags.flag('json')) terminal.json({ holding });
  else if (holding.length === 0) terminal.print('No file of the store holds this text.');
  else for (const file of holding) terminal.print(`holds it: ${file}`);
  return holding.length === 0 ? exitCode.ok : exitCode.dataProblems;
}

async function versions(): Promise<Readonly<Record<string, string>>> {
  const { engineVersion } = await import('../lake/duck.ts');
  return {
    sesh: ownVersion(),
    node: process.version,
    duckdb: engineVersion(),
    platform: `${process.platform} ${process.arch}`,
  };
}

type StoreHealth = Pick<Health, 'findings' | 'agents'>;

async function findingsOf({ storeDir, memoryBytes, zone }: Invocation): Promise<StoreHealth> {
  if (!existsSync(storePaths(storeDir).storeFile) && !existsSync(storeDir)) {
    const none: Finding = { level: 'info', what: 'There is no store yet.', where: '.', next: 'Run `sesh sync`.' };
    return { findings: [none], agents: [] };
  }
  const found = await checkStore(storePaths(storeDir));
  // Views over files that are missing would only repeat what was found.
  if (found.some(({ level }) => level === 'error')) return { findings: found, agents: [] };
  const { warnings } = await openStore(storeDir, { create: false });
  const said = warnings.map((what): Finding => ({ level: 'warning', what, where: '.', next: 'See above.' }));
  const { findings, agents } = await askStore({ storeDir, memoryBytes, zone });
  return { findings: [...findings, ...said, ...found], agents };
}

async function askStore(invocation: Pick<Invocation, 'storeDir' | 'memoryBytes' | 'zone'>): Promise<StoreHealth> {
  const { storeDir, memoryBytes, zone } = invocation;
  const settings = settingsOf(everything, zone);
  const kept = await withViews({ storeDir, memoryBytes, settings, kept: 'read' }, (views) =>
    fingerprints(views, views.kept()),
  );
  return withViews({ storeDir, memoryBytes, settings, kept: 'ignore' }, async (views) => ({
    findings: [...(await brokenRules(views)), ...(await staleRows(views, kept)), ...(await unreadSpans(views))],
    agents: records(await views.query('from agent_coverage order by agent')),
  }));
}

async function fingerprints({ query }: Views, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of names) {
    const { rows } = await query(`select count(*), sum(cast(hash(rows) as hugeint)) from ${name} as rows`);
    found.set(name, JSON.stringify(rows));
  }
  return found;
}

/** Rows that are kept beside the store and are not what the view gives now. */
async function staleRows(views: Views, kept: ReadonlyMap<string, string>): Promise<readonly Finding[]> {
  const fresh = await fingerprints(views, [...kept.keys()]);
  return [...kept]
    .filter(([name, print]) => fresh.get(name) !== print)
    .map(([name]) => ({
      level: 'error',
      what: `The kept rows of ${name} are not those that it gives.`,
      where: 'cache/views',
      next: 'Remove this folder: its rows are found again.',
    }));
}

/** Each view of `sql/checks` is a rule about the data, and has no rows when it holds. */
async function brokenRules({ query }: Views): Promise<readonly Finding[]> {
  const rules = [...loadCatalog().views.values()].filter(({ layer }) => layer === 'checks');
  const findings: Finding[] = [];
  for (const { name, about } of rules) {
    const [row] = records(await query(`select count(*) as rows from ${name}`));
    const rows = asNumber(row?.['rows']) ?? 0;
    if (rows === 0) continue;
    const what = `A rule does not hold, ${formatCount(rows)} times: ${about}`;
    findings.push({ level: 'error', what, where: name, next: `Look at them: sesh sql "from ${name}"` });
  }
  if (findings.length > 0) return findings;
  const what = `All ${rules.length} rules about the data hold.`;
  return [{ level: 'info', what, where: '.', next: 'Nothing to do.' }];
}

/** What could not be read is kept and may be looked at; it is no fault of the store. */
async function unreadSpans({ query }: Views): Promise<readonly Finding[]> {
  const [row] = records(
    await query(
      `select count(*) as spans, count(distinct path) as files, min(path || ':' || source_line) as first from quarantined`,
    ),
  );
  const spans = asNumber(row?.['spans']) ?? 0;
  if (spans === 0) return [];
  const files = asNumber(row?.['files']) ?? 0;
  const what = `Parts of ${formatCount(files)} transcripts could not be read (${formatCount(spans)} spans); their bytes are in the archive.`;
  const next = 'Look at them: sesh sql "from quarantined"';
  return [{ level: 'warning', what, where: asText(row?.['first']) ?? '.', next }];
}

function placesOf({ flags, surroundings }: Invocation): readonly Place[] {
  const { roots, problems } = discoverSources(
    { roots: flags.list('root'), agents: agentsNamed(flags.list('agent')) },
    surroundings,
  );
  const places = roots.map(({ agent, path, origin, exists, sources }) => ({
    agent: agent ?? 'any',
    path,
    origin,
    exists,
    files: sources,
  }));
  return [
    ...places,
    ...problems.map(({ path, reason }) => ({ agent: 'any', path, origin: reason, exists: true, files: 0 })),
  ];
}

function printHealth({ versions, store, findings, agents, places }: Health, terminal: Terminal, zone: string): void {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  terminal.print(named.join(', '));
  terminal.print(`Store: ${store}`);
  for (const { level, what, where, next } of findings) {
    terminal.print([{ style: styles[level], text: level.padEnd(8) }, `${where === '.' ? '' : `${where}: `}${what}`]);
    if (level !== 'info') terminal.print(`         ${next}`);
  }
  const faults = findings.filter(({ level }) => level !== 'info').length;
  terminal.print(faults === 0 ? 'No faults found.' : `${plural(faults, 'finding')} to look at.`);
  if (agents.length > 0) {
    terminal.print();
    terminal.print([{ style: 'bold', text: 'What the store holds of each agent' }]);
    const cells = agents.map((agent) => cellsOf(agent, zone));
    for (const line of tableLines(agentColumns, cells, terminal.width)) terminal.print(line);
  }
  terminal.print();
  terminal.print([{ style: 'bold', text: 'Places that are searched' }]);
  const there = places.filter(({ exists }) => exists);
  for (const line of tableLines(placeColumns, there, terminal.width)) terminal.print(line);
  const missing = places.length - there.length;
  if (missing > 0) terminal.print(`${formatCount(missing)} more are not there (\`sesh doctor --json\` names them).`);
}

const styles: Readonly<Record<Finding['level'], Style>> = { error: 'red', warning: 'yellow', info: 'green' };

const agentColumns: readonly TableColumn<Cells>[] = [
  { title: 'AGENT', value: ({ text }) => text('agent'), flexible: true },
  { title: 'FILES', value: ({ count }) => count('sources'), align: 'right' },
  { title: 'RECORDS', value: ({ count }) => count('records'), align: 'right', spare: 2 },
  { title: 'EVENTS', value: ({ count }) => count('events'), align: 'right' },
  { title: 'UNKNOWN', value: ({ count }) => count('unknown'), align: 'right' },
  { title: 'QUARANTINED', value: ({ count }) => count('quarantined'), align: 'right', spare: 1 },
  { title: 'LAST EVENT', value: ({ instant }) => instant('last_ts') },
];

const placeColumns: readonly TableColumn<Place>[] = [
  { title: 'AGENT', value: ({ agent }) => agent },
  { title: 'FOUND', value: ({ files }) => formatCount(files), align: 'right' },
  { title: 'NAMED BY', value: ({ origin }) => origin },
  { title: 'PLACE', value: ({ path }) => path, flexible: true },
];
