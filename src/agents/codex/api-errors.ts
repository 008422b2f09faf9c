import type { ApiErrorSubtype } from '../../core/event.ts';
import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { canonical } from '../shared/keys.ts';

const HEAD_CHARACTERS = 600;

const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['context_overflow', /context[ _]?window|context[ _]?length|ran out of room|maximum context|input is too long/i],
  ['billing', /insufficient_quota|billing|credits|upgrade to|spend limit/i],
  ['rate_limit', /usage[ _]?limit|rate[ _-]?limit|too many requests|quota|\b429\b/i],
  ['overloaded', /overloaded|at capacity|high demand|server_is_overloaded|\b529\b/i],
  ['authentication', /unauthorized|authentication|invalid api key|token (?:has )?expired|log ?in again|\b40[13]\b/i],
  ['timeout', /timed? ?out|timeout/i],
  [
    'server',
    /internal ?server|server_error|bad gateway|service unavailable|stream disconnected|connection (?:failed|reset)|\b50[0-4]\b/i,
  ],
  ['invalid_request', /bad ?request|invalid_request|unsupported|not supported|\b4(?:00|04|22)\b/i],
];

/** What an `error`, or the error of a turn's end, says: its message, and the client's own name for it. */
export interface ClientError {
  readonly text: string;
  readonly subtype: ApiErrorSubtype;
}

export function errorOf(written: Json | undefined): ClientError | null {
  if (typeof written === 'string') return written === '' ? null : { text: written, subtype: apiErrorSubtype(written) };
  if (!isObject(written)) return null;
  const inner = isObject(written['error']) ? written['error'] : written;
  const text = asText(inner['message']) ?? asText(written['error']) ?? canonical(written);
  return { text, subtype: apiErrorSubtype(`${codeOf(inner)} ${text}`) };
}

/** Why a request failed, from the start of what the client says of it. */
function apiErrorSubtype(text: string): ApiErrorSubtype {
  const head = text.slice(0, HEAD_CHARACTERS);
  return wordings.find(([, pattern]) => pattern.test(head))?.[0] ?? 'other';
}

/** `codex_error_info` is a name, or an object with one. */
function codeOf(written: JsonObject): string {
  const code = written['codex_error_info'] ?? written['kind'] ?? written['code'];
  return isObject(code) ? Object.keys(code).sort().join(' ') : (asText(code) ?? '');
}
