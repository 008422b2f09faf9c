import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceHint } from '../agent.ts';

/** `20260704-101500-1a2b3c4d.json`; early versions had two random bytes, `/compact` keeps the old turns as `-precompact`. */
const sessionFile = /^(\d{8}-\d{6}-[0-9a-f]{4}(?:[0-9a-f]{4})?)(?:-precompact)*\.json(?:\.gz|\.zst)?$/;
const chainFile = /^(\d{8}-\d{6}-[0-9a-f]{4}(?:[0-9a-f]{4})?)\.jsonl(?:\.gz|\.zst)?$/;

/** A session or a chain's log by its name, which no other agent gives. */
export function recogniseSesh(path: string): SourceHint | null {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const session = sessionFile.exec(name)?.[1];
  if (session !== undefined) return hintOf({ sessionId: session, user: userOf(parts), form: 'document' });
  const root = chainFile.exec(name)?.[1];
  return root === undefined ? null : hintOf({ sessionId: root, user: userOf(parts) });
}

/** What the path of a file tells that was recognised by its records. */
export function seshHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const known = recogniseSesh(path) ?? hintOf({ form: path.includes('.jsonl') ? 'lines' : 'document' });
  return { ...known, user: known.user ?? (parts.length > 1 ? personAt(parts, 0) : null) };
}

/** The directory above `.sesh`, else above `sessions` or `chains`; `.sesh-sessions` lies in a project, which is no person. */
function userOf(parts: readonly string[]): string | null {
  const home = parts.lastIndexOf('.sesh', parts.length - 2);
  if (home !== -1) return personAt(parts, home - 1);
  const folder = parts.at(-2);
  return folder === 'sessions' || folder === 'chains' ? personAt(parts, parts.length - 3) : null;
}

function personAt(parts: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (parts[index] ?? '');
  return name === '' || name.startsWith('.') || name === 'sessions' || name === 'chains' ? null : name;
}

/** One document with `turns` and what is said of a session beside them, or lines of a chain's log. */
export function recogniseSeshRecords(records: readonly SourceRecord[]): boolean {
  return records.length > 0 && records.every(({ value }) => isSession(value) || isHandoff(value));
}

function isSession(value: SourceRecord['value']): boolean {
  if (!isObject(value) || !('turns' in value)) return false;
  const { id, protocol, created, turns } = value;
  const told = typeof id === 'string' && typeof protocol === 'string' && typeof created === 'string';
  return told && (turns === null || Array.isArray(turns));
}

function isHandoff(value: SourceRecord['value']): boolean {
  if (!isObject(value)) return false;
  return [value['time'], value['from'], value['to'], value['entry']].every((field) => typeof field === 'string');
}
