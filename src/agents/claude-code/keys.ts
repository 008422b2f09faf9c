import { hash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../../core/json.ts';

/**
 * Digest of a record that carries no uuid. The session id is left out, since a copy of the line in a resumed session is
 * rewritten to the new one, unless nothing else in the line is its own: `mode` and titles say the same in many sessions.
 */
export function contentDigest(value: Json, session: string): string {
  const own = isObject(value) && hasIdentity(value);
  const content = isObject(value) ? withoutSession(value) : value;
  return digest(`${own ? '' : session}\n${canonical(content)}`);
}

export function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** JSON text in which the order of keys makes no difference. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

export function withoutSession(value: JsonObject): JsonObject {
  const { sessionId: _sessionId, session_id: _alias, ...rest } = value;
  return rest;
}

function hasIdentity(value: JsonObject): boolean {
  const { timestamp, leafUuid, messageId } = value;
  return [timestamp, leafUuid, messageId].some((own) => typeof own === 'string' && own !== '');
}
