import type { ApiErrorSubtype } from '../../core/event.ts';

const HEAD_CHARACTERS = 400;

/** The `error` field of the line (formats.md 1.11). */
const classes = new Map<string, ApiErrorSubtype>([
  ['rate_limit', 'rate_limit'],
  ['overloaded', 'overloaded'],
  ['authentication_failed', 'authentication'],
  ['oauth_org_not_allowed', 'authentication'],
  ['verification_required', 'authentication'],
  ['cloud_credential_error', 'authentication'],
  ['account_on_hold', 'billing'],
  ['billing_error', 'billing'],
  ['invalid_request', 'invalid_request'],
  ['model_not_found', 'invalid_request'],
  ['server_error', 'server'],
]);

const statuses = new Map<number, ApiErrorSubtype>([
  [401, 'authentication'],
  [402, 'billing'],
  [403, 'authentication'],
  [408, 'timeout'],
  [429, 'rate_limit'],
  [529, 'overloaded'],
]);

/** Why a request finally failed, from the line's own class, its status, and the start of its text. */
export function apiErrorSubtype(text: string, error: string | null, status: number | null): ApiErrorSubtype {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (/prompt is too long|exceed context limit|context window/i.test(head)) return 'context_overflow';
  if (/spend limit|credit balance/i.test(head)) return 'billing';
  const named = error === null ? undefined : classes.get(error);
  return named ?? subtypeOfStatus(status ?? statusIn(head)) ?? subtypeOfWording(head);
}

/** Error texts of versions that did not mark them. */
export function isErrorText(text: string): boolean {
  return /^(?:API Error\b|Prompt is too long|Request timed out|Claude AI usage limit reached|You've hit your |Credit balance is too low|Invalid API key)/.test(
    text,
  );
}

function statusIn(head: string): number | null {
  const digits = /^API Error:? (\d{3})\b/.exec(head)?.[1];
  return digits === undefined ? null : Number(digits);
}

function subtypeOfStatus(status: number | null): ApiErrorSubtype | undefined {
  if (status === null) return undefined;
  return statuses.get(status) ?? (status >= 500 ? 'server' : status >= 400 ? 'invalid_request' : undefined);
}

function subtypeOfWording(head: string): ApiErrorSubtype {
  if (/usage limit reached|^You've hit your |rate limit/i.test(head)) return 'rate_limit';
  if (/invalid api key|\/login|oauth|unauthorized/i.test(head)) return 'authentication';
  if (/timed out|timeout/i.test(head)) return 'timeout';
  return /overloaded/i.test(head) ? 'overloaded' : 'other';
}
