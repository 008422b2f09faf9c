import { dirname } from 'node:path';
import { exitCode, UsageError, type ExitCode } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import { formatInstant, isoMoment } from '../core/time.ts';
import { everything } from '../core/window.ts';
import { matchesNothing, type Fix } from '../fixes/fix.ts';
import { commitTime } from '../fixes/git.ts';
import { fixesFromIssues } from '../fixes/github.ts';
import { parseRegister, withFix, withoutFix } from '../fixes/register.ts';
import { makeDirectory, writeFileDurably } from '../lake/files.ts';
import { cellsOf, type Cells } from './cells.ts';
import type { Invocation } from './command.ts';
import { ownText } from './own-files.ts';
import { fixesFile, ownSettings, readFixes } from './settings.ts';
import { tableLines, type TableColumn } from './table.ts';
import { records, withViews } from './views.ts';

/**
 * Keeps the register of fixes. JSON of `list` and `import`: `file` and `fixes`; of `add` and `remove`: `file` and `id`; of `check`:
 * `file` and `fixes`, each with the columns of the view fix_effects.
 */
export async function fixes(invocation: Invocation): Promise<ExitCode> {
  switch (invocation.argument ?? 'list') {
    case 'list':
      return list(invocation);
    case 'add':
      return await add(invocation);
    case 'remove':
      return await remove(invocation);
    case 'import':
      return await importIssues(invocation);
    case 'check':
      return await check(invocation);
    default:
      throw new UsageError(`Expected list, add, remove, import or check, got "${invocation.argument ?? ''}".`);
  }
}

function list(invocation: Invocation): ExitCode {
  const { flags, terminal, zone } = invocation;
  const registered = readFixes(invocation);
  const file = fixesFile(invocation);
  if (flags.flag('json')) terminal.json({ file, fixes: registered.map(fixJson) });
  else if (registered.length === 0)
    terminal.note(`No fix is registered in ${file}. \`sesh fixes add\` makes the first.`);
  else for (const line of tableLines(listColumns(zone), registered, terminal.width)) terminal.print(line);
  return exitCode.ok;
}

async function add(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone } = invocation;
  const file = fixesFile(invocation);
  const fix: Fix = {
    id: required(invocation, 'id'),
    title: flags.text('title') ?? required(invocation, 'id'),
    fixedAt: await fixedAt(invocation),
    match: {
      category: flags.text('category') ?? null,
      rule: flags.text('rule') ?? null,
      signature: flags.text('signature') ?? null,
      pattern: flags.text('pattern') ?? null,
      project: flags.text('project') ?? null,
    },
    issue: flags.text('issue') ?? null,
    commit: flags.text('commit') ?? null,
  };
  if (matchesNothing(fix.match)) {
    throw new UsageError(
      'Expected --category, --rule, --signature or --pattern: a fix has to say which incidents it should end.',
      '`sesh sql "select category, signature, count(*) from friction group by all order by 3 desc"` shows what there is.',
    );
  }
  await write(file, withFix(ownText(file) ?? '', file, fix), zone);
  if (flags.flag('json')) terminal.json({ file, id: fix.id });
  else terminal.print(`Fix ${fix.id} is in ${file}. \`sesh fixes check\` says whether it helped.`);
  return exitCode.ok;
}

async function fixedAt({ flags, zone }: Invocation): Promise<Micros> {
  const written = flags.text('fixed-at');
  const [repository, commit] = [flags.text('repo'), flags.text('commit')];
  if (written === undefined && repository !== undefined && commit !== undefined) {
    return await commitTime(repository, commit);
  }
  const moment = written === undefined ? null : isoMoment(written, zone);
  if (moment !== null) return moment;
  throw new UsageError(
    written === undefined
      ? 'Expected --fixed-at, or --commit with --repo.'
      : `Expected --fixed-at to be a moment such as 2026-02-06T21:37:49, got "${written}".`,
  );
}

async function remove(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone } = invocation;
  const file = fixesFile(invocation);
  const id = required(invocation, 'id');
  const text = withoutFix(ownText(file) ?? '', file, id);
  if (text === null) throw new UsageError(`${file} holds no fix ${id}.`, '`sesh fixes` lists what is registered.');
  await write(file, text, zone);
  if (flags.flag('json')) terminal.json({ file, id });
  else terminal.print(`Fix ${id} is no longer in ${file}.`);
  return exitCode.ok;
}

async function importIssues(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, zone, io } = invocation;
  const file = fixesFile(invocation);
  const source = flags.text('file');
  const text = source === undefined || source === '-' ? await io.readStdin() : ownText(source);
  if (text === null) throw new UsageError(`${source ?? '-'} does not exist.`);
  const known = new Set(readFixes(invocation).map(({ id }) => id));
  const found = fixesFromIssues(text, source ?? 'standard input', await categoriesOf(invocation));
  const fresh = found.filter(({ id }) => !known.has(id));
  if (fresh.length > 0) {
    await write(
      file,
      fresh.reduce((register, fix) => withFix(register, file, fix), ownText(file) ?? ''),
      zone,
    );
  }
  if (flags.flag('json')) terminal.json({ file, fixes: fresh.map(fixJson) });
  else {
    const unmatched = fresh.filter(({ match }) => matchesNothing(match)).length;
    terminal.print(`${fresh.length} of ${found.length} closed issues are new in ${file}.`);
    if (unmatched > 0) terminal.print(`${unmatched} of them do not say yet which incidents they end: add a match.`);
  }
  return exitCode.ok;
}

async function check(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, memoryBytes, zone } = invocation;
  const file = fixesFile(invocation);
  const effects = await withViews(
    { storeDir, memoryBytes, settings: ownSettings(invocation, everything) },
    async ({ query }) => records(await query('from fix_effects order by fixed_at desc, fix_id')),
  );
  if (flags.flag('json')) terminal.json({ file, fixes: effects });
  else if (effects.length === 0) terminal.note(`No fix is registered in ${file}.`);
  else
    for (const line of tableLines(
      effectColumns,
      effects.map((row) => effectRow(row, zone)),
      terminal.width,
    ))
      terminal.print(line);
  return exitCode.ok;
}

/** A register that could not be read again is not written. */
async function write(file: string, text: string, zone: string): Promise<void> {
  parseRegister(text, file, zone);
  await makeDirectory(dirname(file));
  await writeFileDurably(file, text);
}

async function categoriesOf(invocation: Invocation): Promise<ReadonlySet<string>> {
  const { rows } = await withViews(
    {
      storeDir: invocation.storeDir,
      memoryBytes: invocation.memoryBytes,
      settings: ownSettings(invocation, everything),
    },
    ({ query }) => query('select distinct category from friction_rules'),
  );
  return new Set(rows.flatMap(([category]) => asText(category) ?? []));
}

function required({ flags }: Invocation, name: 'id'): string {
  const value = flags.text(name);
  if (value === undefined) throw new UsageError(`Expected --${name}.`);
  return value;
}

function fixJson({ id, title, fixedAt: moment, match, issue, commit }: Fix): JsonObject {
  return { id, title, fixed_at: new Date(moment / 1000).toISOString(), match: { ...match }, issue, commit };
}

function listColumns(zone: string): readonly TableColumn<Fix>[] {
  return [
    { title: 'FIX', value: ({ id }) => id },
    { title: 'FIXED AT', value: ({ fixedAt: moment }) => formatInstant(moment, zone) },
    { title: 'ENDS', value: ({ match }) => matchText(match), flexible: true },
    { title: 'TITLE', value: ({ title }) => title, flexible: true },
  ];
}

function matchText({ category, rule, signature, pattern, project }: Fix['match']): string {
  const parts = [category, rule, signature, pattern === null ? null : `/${pattern}/`].filter((part) => part !== null);
  const what = parts.length === 0 ? 'nothing yet' : parts.join(' and ');
  return project === null ? what : `${what} in ${project}`;
}

interface EffectRow {
  readonly cells: Cells;
  readonly before: string;
  readonly after: string;
}

function effectRow(row: JsonObject, zone: string): EffectRow {
  const rate = (when: string): string => {
    const perHundred = asNumber(row[`per_100_calls_${when}`]);
    const [incidents, calls] = [asNumber(row[`incidents_${when}`]) ?? 0, asNumber(row[`calls_${when}`]) ?? 0];
    return perHundred === null ? 'no calls' : `${perHundred.toFixed(2)} (${incidents} in ${calls})`;
  };
  return { cells: cellsOf(row, zone), before: rate('before'), after: rate('after') };
}

const effectColumns: readonly TableColumn<EffectRow>[] = [
  { title: 'FIX', value: ({ cells }) => cells.text('fix_id') },
  { title: 'FIXED AT', value: ({ cells }) => cells.instant('fixed_at') },
  { title: 'VERDICT', value: ({ cells }) => cells.text('verdict') },
  { title: 'PER 100 CALLS BEFORE', value: ({ before }) => before, align: 'right' },
  { title: 'AFTER', value: ({ after }) => after, align: 'right' },
  { title: 'TITLE', value: ({ cells }) => cells.text('title'), flexible: true },
];
