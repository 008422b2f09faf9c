import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { canonical, digest } from '../shared/keys.ts';

/**
 * Digest of a record that carries no uuid. The session id is left out, since a copy of the line in a resumed session is
 * rewritten to the new one, unless nothing else in the line is its own: `mode` and titles say the same in many sessions.
 */
export function contentDigest(value: Json, session: string): string {
  const own = isObject(value) && hasIdentity(value);
  const content = isObject(value) ? withoutSession(value) : value;
  return digest(`${own ? '' : session}\n${canonical(content)}`);
}

export function withoutSession(value: JsonObject): JsonObject {
  const { sessionId: _sessionId, session_id: _alias, ...rest } = value;
  return rest;
}

function hasIdentity(value: JsonObject): boolean {
  const { timestamp, leafUuid, messageId } = value;
  return [timestamp, leafUuid, messageId].some((own) => typeof own === 'string' && own !== '');
}
