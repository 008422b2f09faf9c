import { hintOf, type SourceHint } from '../agent.ts';
import { isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';

const SESSIONS = 'session-state';
const packing = /\.(?:gz|zst)$/;
const lineFile = /^(.+)\.jsonl$/;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The hint of `session-state/<id>/events.jsonl`, or of the older `session-state/<id>.jsonl`. */
export function recogniseCopilot(path: string): SourceHint | null {
  const parts = path.replace(packing, '').split('/');
  const folder = parts.lastIndexOf(SESSIONS);
  if (folder === -1) return null;
  const inside = parts.slice(folder + 1);
  const user = userAbove(parts, folder);
  if (inside.length === 2 && inside[1] === 'events.jsonl') return hintOf({ sessionId: inside[0] ?? null, user });
  const session = inside.length === 1 ? lineFile.exec(inside[0] ?? '')?.[1] : undefined;
  return session === undefined ? null : hintOf({ sessionId: session, user });
}

/** What the path of a file tells that was recognised by its records: they name the session themselves. */
export function copilotHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const copilot = parts.lastIndexOf('.copilot');
  return hintOf({
    sessionId: uuid.exec(parts.at(-1) ?? '')?.[0] ?? uuid.exec(parts.at(-2) ?? '')?.[0] ?? null,
    user: copilot === -1 ? (parts.length > 1 ? personIn(parts[0]) : null) : personIn(parts[copilot - 1]),
  });
}

/** The folder above `.copilot`, else above the one that holds the sessions. */
function userAbove(parts: readonly string[], inCopilot: number): string | null {
  const copilot = parts.lastIndexOf('.copilot', inCopilot);
  return personIn(parts[(copilot === -1 ? inCopilot : copilot) - 1]);
}

function personIn(name: string | undefined): string | null {
  return name === undefined || name === '' || name.startsWith('.') ? null : name;
}

/** Whether the first records of a file whose path says nothing are this agent's: it begins with the session's start, or is cut. */
export function recogniseCopilotRecords(records: readonly SourceRecord[]): boolean {
  const first = records.at(0)?.value;
  if (isStart(first)) return true;
  const objects = records.filter(({ value }) => isObject(value));
  return objects.length > 0 && objects.every(({ value }) => isEnvelope(value));
}

function isStart(value: Json | undefined): boolean {
  if (!isObject(value) || value['type'] !== 'session.start' || !isObject(value['data'])) return false;
  return 'copilotVersion' in value['data'] || isEnvelope(value);
}

const dottedType = /^(?:session|user|assistant|tool|hook|system|subagent|permission|skill)\.[a-z_]+$/;

function isEnvelope(value: Json): boolean {
  if (!isObject(value)) return false;
  const { type, data, id, parentId, timestamp } = value;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || !isObject(data)) return false;
  if (parentId !== null && typeof parentId !== 'string') return false;
  return typeof type === 'string' && (dottedType.test(type) || type === 'abort');
}
