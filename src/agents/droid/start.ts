import { asText, isObject, type Json } from '../../core/json.ts';
import type { Start } from './source.ts';

export const noStart: Start = { id: null, cwd: null, version: null, callingSession: null, callingCall: null };

/** What `session_start` says; null for any other record. */
export function startOf(value: Json): Start | null {
  if (!isObject(value) || value['type'] !== 'session_start') return null;
  return {
    id: asText(value['id']),
    cwd: asText(value['cwd']),
    // A number is the version of the format.
    version: asText(value['version']),
    callingSession: asText(value['callingSessionId']),
    callingCall: asText(value['callingToolUseId']),
  };
}
