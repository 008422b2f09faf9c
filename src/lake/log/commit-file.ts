import { hash } from 'node:crypto';
import { asNumber, asObject, asText, isObject, type JsonObject } from '../../core/json.ts';
import { actionJson, parseAction, parseJson, sorted, textValues, type Action } from './actions.ts';

/** One file of the log: what a version changed against the one before. */
export interface Commit {
  readonly timestampMs: number;
  /** Our own key/value notes. */
  readonly note: Readonly<Record<string, string>>;
  /** The rows are those of the version before, in other files. */
  readonly sameRows?: boolean;
  readonly actions: readonly Action[];
}

/** The file is not what its writer wrote: cut short, or changed later. */
export interface Torn {
  readonly torn: string;
}

/** What Delta calls it when files are put together. */
const REWRITE = 'OPTIMIZE';

/**
 * The text of a commit. The first line carries the hash of all others, because a file cut between two lines would
 * otherwise be a valid commit with fewer files.
 */
export function encodeCommit(commit: Commit): string {
  const sameRows = commit.sameRows === true;
  const body = commit.actions.map((action) => `${JSON.stringify(actionJson(action, !sameRows))}\n`).join('');
  const replaces = commit.actions.some(({ kind }) => kind === 'remove');
  const commitInfo = {
    timestamp: commit.timestampMs,
    operation: sameRows ? REWRITE : 'WRITE',
    operationParameters: sameRows ? {} : { mode: replaces ? 'Overwrite' : 'Append' },
    engineInfo: 'sesh',
    note: sorted(commit.note),
    bodySha256: sha256(body),
  };
  return `${JSON.stringify({ commitInfo })}\n${body}`;
}

/** Commits of other writers have no hash: there only broken JSON shows. `where` names the file in errors. */
export function decodeCommit(text: string, where: string): Commit | Torn {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const actions: JsonObject[] = [];
  for (const line of lines) {
    const json = parseJson(line);
    if (!isObject(json)) return { torn: 'a line of it is not JSON' };
    actions.push(json);
  }
  if (actions.length === 0) return { torn: 'it is empty' };
  const info = asObject(actions.find((action) => isObject(action['commitInfo']))?.['commitInfo']);
  const expected = asText(info?.['bodySha256']);
  if (expected !== null && expected !== sha256(text.slice(text.indexOf('\n') + 1))) {
    return { torn: 'its lines do not have the hash that it names' };
  }
  return {
    timestampMs: asNumber(info?.['timestamp']) ?? 0,
    note: textValues(info?.['note'], where),
    ...(asText(info?.['operation']) === REWRITE ? { sameRows: true } : {}),
    actions: actions.flatMap((action) => parseAction(action, where) ?? []),
  };
}

export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
