import { MAIN_THREAD } from '../../core/ids.ts';
import { asArray, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceHint } from '../agent.ts';
import { isItemType } from './entries.ts';

const rollout = /^rollout-.+\.(jsonl?)(?:\.(?:gz|zst|zstd))?$/;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** A session file by its name, wherever it lies: `rollout-<local time>-<session id>.jsonl`, `.json` of the TypeScript CLI. */
export function recogniseCodex(path: string): SourceHint | null {
  if (isOtherProgramsRollout(path)) return null;
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const extension = rollout.exec(name)?.[1];
  if (extension === undefined) return null;
  return hintOf({
    sessionId: uuidIn(name),
    threadId: MAIN_THREAD,
    user: userOf(parts),
    form: extension === 'json' ? 'document' : 'lines',
  });
}

/** TraeX keeps its sessions in the same format: they are not this agent's. */
export function isOtherProgramsRollout(path: string): boolean {
  return /(?:^|\/)\.trae\/cli\/(?:.*\/)?rollout-[^/]+$/.test(path);
}

/** What the path of a file tells that was recognised by its records. */
export function codexHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const user = userOf(parts) ?? (parts.length > 1 ? personAt(parts, 0) : null);
  return hintOf({ sessionId: uuidIn(parts.at(-1) ?? ''), threadId: MAIN_THREAD, user });
}

/** Lines in Codex's envelope, the bare lines of 2025, or the document of the TypeScript CLI. */
export function recogniseCodexRecords(records: readonly SourceRecord[]): boolean {
  return records.some(({ value }) => isEnvelope(value) || isDocument(value)) || isBare(records);
}

const envelopes = new Set(['session_meta', 'turn_context', 'response_item', 'event_msg', 'compacted']);

function isEnvelope(value: Json): boolean {
  if (!isObject(value) || typeof value['timestamp'] !== 'string') return false;
  const { type, payload } = value;
  if (typeof type !== 'string' || !envelopes.has(type) || !isObject(payload)) return false;
  return type !== 'response_item' && type !== 'event_msg' ? true : typeof payload['type'] === 'string';
}

function isDocument(value: Json): boolean {
  if (!isObject(value)) return false;
  const { session, items } = value;
  if (!isObject(session) || asText(session['id']) === null || asText(session['timestamp']) === null) return false;
  return asArray(items)?.every((item) => isObject(item) && isItem(item)) === true;
}

/** The first line has an id, a time and the instructions, and no type; what follows are items and states. */
function isBare(records: readonly SourceRecord[]): boolean {
  const first = records[0]?.value;
  if (!isObject(first) || first['type'] !== undefined || !('instructions' in first)) return false;
  if (asText(first['id']) === null || asText(first['timestamp']) === null) return false;
  return records.slice(1).every(({ value }) => isObject(value) && (isItem(value) || value['record_type'] === 'state'));
}

function isItem(value: JsonObject): boolean {
  return isItemType(asText(value['type']));
}

/** The directory above `.codex`, else above `sessions` or `archived_sessions`. */
function userOf(parts: readonly string[]): string | null {
  const last = parts.length - 2;
  const home = parts.lastIndexOf('.codex', last);
  if (home !== -1) return personAt(parts, home - 1);
  return personAt(
    parts,
    Math.max(parts.lastIndexOf('sessions', last), parts.lastIndexOf('archived_sessions', last)) - 1,
  );
}

/** A directory that can be a person's: not hidden, not of the agent's own layout, no session. */
function personAt(parts: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (parts[index] ?? '');
  const technical =
    name === '' || name.startsWith('.') || /^(?:codex|sessions|archived_sessions|\d{2}|\d{4})$/.test(name);
  return technical || uuidIn(name) !== null ? null : name;
}

function uuidIn(name: string): string | null {
  return name.match(uuid)?.at(-1)?.toLowerCase() ?? null;
}
