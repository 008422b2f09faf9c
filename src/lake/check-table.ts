import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { faultOf } from './damaged.ts';
import { hashedName } from './log/commit.ts';
import { cachePath, commitPath, listLog } from './log/names.ts';
import { readSnapshot, readCommit, readState } from './log/snapshot.ts';
import { snapshotOf, type TableState } from './log/state.ts';
import type { TableName, TableSchema } from './schema.ts';
import type { StorePaths } from './store.ts';
import type { TreeEntry } from './tree.ts';

/** One thing that `sesh doctor` prints. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'info';
  readonly what: string;
  /** The file or folder, relative to the store. */
  readonly where: string;
  /** What the person can do. */
  readonly next: string;
}

const again = 'Run `sesh sync --full` to make the table again.';
const backup = 'Put it back from a backup of the store.';
const mending: Readonly<Record<TableName, string>> = {
  raw: backup,
  events: again,
  sources: again,
  quarantine: again,
  verdicts: backup,
};

/** Everything about one table; `entries` is the whole store's tree. */
export async function checkTable(
  store: StorePaths,
  schema: TableSchema,
  entries: readonly TreeEntry[],
): Promise<readonly Finding[]> {
  const directory = store.tablePath(schema.name);
  const mend = mending[schema.name];
  const torn = await checkCommits(directory, schema.name, mend);
  let state: TableState;
  try {
    state = await readState(directory);
  } catch (error) {
    return [...torn, { level: 'error', what: messageOf(error), where: `${schema.name}/_delta_log`, next: mend }];
  }
  return [
    ...torn,
    ...(await checkCache(directory, schema.name, state)),
    ...(await checkFiles(directory, schema.name, state, mend)),
    ...checkStrangers(schema.name, state, entries),
  ];
}

/** Also those that a checkpoint makes superfluous for readers. */
async function checkCommits(directory: string, table: string, next: string): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { commits } = await listLog(directory);
  for (const [index, version] of commits.entries()) {
    const where = `${table}/_delta_log/${commitPath('', version).split(/[/\\]/).at(-1) ?? ''}`;
    const before = commits[index - 1];
    if (before !== undefined && before !== version - 1) {
      findings.push({ level: 'error', what: `The log has a gap: version ${before + 1} is missing.`, where, next });
    }
    const commit = await readCommit(directory, version).catch((error: unknown) => ({ torn: messageOf(error) }));
    if ('torn' in commit)
      findings.push({ level: 'error', what: `The commit is damaged: ${commit.torn}.`, where, next });
  }
  return findings;
}

async function checkCache(directory: string, table: string, state: TableState): Promise<readonly Finding[]> {
  const cached = JSON.stringify((await readSnapshot(directory)).files);
  if (cached === JSON.stringify(snapshotOf(state).files)) return [];
  const where = `cache/${table}.snapshot.json`;
  return [
    {
      level: 'error',
      what: 'The cached list of files differs from the log.',
      where,
      next: `Remove ${cachePath(directory)}.`,
    },
  ];
}

async function checkFiles(
  directory: string,
  table: string,
  state: TableState,
  next: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { file } of state.files.values()) {
    const what = await faultOf(join(directory, file.path), file);
    if (what !== null) findings.push({ level: 'error', what, where: `${table}/${file.path}`, next });
  }
  return findings;
}

/** Files that a crash left before the log named them, and files that are not ours at all: both harmless, readers open only what the log names. */
function checkStrangers(table: string, state: TableState, entries: readonly TreeEntry[]): readonly Finding[] {
  const inTable = entries.filter(({ path, kind }) => kind !== 'directory' && path.startsWith(`${table}/`));
  const findings: Finding[] = [];
  for (const { path } of inTable) {
    const name = path.slice(table.length + 1);
    if (name.startsWith('_delta_log/') || state.files.has(name)) continue;
    if (!hashedName.test(name)) {
      findings.push({
        level: 'info',
        what: 'sesh did not write this file and does not read it.',
        where: path,
        next: 'Remove it if it is not yours.',
      });
    } else if (!state.removed.has(name)) {
      findings.push({
        level: 'info',
        what: 'No recent version of the table names this file.',
        where: path,
        next: 'Nothing to do: a later clean-up removes it.',
      });
    }
  }
  return findings;
}
