import { hintOf, type SourceHint } from '../agent.ts';
import { isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';

const packing = /\.(?:gz|zst)$/;
/** `20250601_101500.jsonl`: the local time at which the session began. */
const timeName = /^(\d{8}_\d{6})\.jsonl$/;
const anyName = /^(.+)\.jsonl$/;

/** A session of the time before the database, by its name or by the folder that it lies in. */
export function recogniseGoose(path: string): SourceHint | null {
  const parts = path.replace(packing, '').split('/');
  const name = parts.at(-1) ?? '';
  const session = (liesInSessions(parts) ? anyName : timeName).exec(name)?.[1];
  return session === undefined ? null : hintOf({ sessionId: session, user: userOf(parts) });
}

/** What the path of a file tells that was recognised by its records. */
export function gooseHintFor(path: string): SourceHint {
  const parts = path.replace(packing, '').split('/');
  return hintOf({
    sessionId: timeName.exec(parts.at(-1) ?? '')?.[1] ?? null,
    user: userOf(parts) ?? firstFolder(parts),
  });
}

function liesInSessions(parts: readonly string[]): boolean {
  if (parts.at(-2) !== 'sessions') return false;
  return parts.at(-3) === 'goose' || (parts.at(-3) === 'data' && parts.at(-4) === 'goose');
}

/** The folder above the data folder of the home directory that `goose` lies in. */
function userOf(parts: readonly string[]): string | null {
  const local = parts.lastIndexOf('.local', parts.length - 2);
  if (local !== -1) return person(parts[local - 1]);
  const goose = parts.lastIndexOf('goose', parts.length - 2);
  return goose === -1 ? null : person(parts[goose - 1]);
}

function firstFolder(parts: readonly string[]): string | null {
  return parts.length > 1 ? person(parts[0]) : null;
}

const technical = new Set(['sessions', 'data', 'share', 'Block', 'Roaming', 'AppData']);

function person(name: string | undefined): string | null {
  return name === undefined || name === '' || name.startsWith('.') || technical.has(name) ? null : name;
}

/** The first line of a session before the database is its description; every other is a message. */
export function recogniseGooseRecords(records: readonly SourceRecord[]): boolean {
  const [first, ...rest] = records.map(({ value }) => value);
  if (first === undefined) return false;
  return (isDescription(first) || isMessage(first)) && rest.every(isMessage);
}

export function isDescription(value: Json): boolean {
  if (!isObject(value) || typeof value['working_dir'] !== 'string' || 'role' in value) return false;
  return 'message_count' in value || 'description' in value || 'accumulated_total_tokens' in value;
}

function isMessage(value: Json): boolean {
  if (!isObject(value) || typeof value['created'] !== 'number') return false;
  const { role, content } = value;
  return (role === 'user' || role === 'assistant') && Array.isArray(content) && content.every(isBlock);
}

function isBlock(block: Json): boolean {
  return isObject(block) && typeof block['type'] === 'string';
}
