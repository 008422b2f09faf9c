import type { ApiErrorSubtype } from '../../core/event.ts';

const HEAD_CHARACTERS = 600;

const statuses = new Map<number, ApiErrorSubtype>([
  [401, 'authentication'],
  [402, 'billing'],
  [403, 'authentication'],
  [408, 'timeout'],
  [413, 'context_overflow'],
  [429, 'rate_limit'],
  [529, 'overloaded'],
]);

/** What the servers of the models call it, before their status: a full context is status 400 as well. */
const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  [
    'context_overflow',
    /prompt is too long|context[ _](?:window|length)|maximum context|too many tokens|input is too long/i,
  ],
  ['billing', /credit balance|billing|payment required|insufficient[_ ](?:quota|funds)/i],
  ['overloaded', /overloaded/i],
  ['rate_limit', /rate[ _-]?limit|too many requests|usage[_ ]limit|quota|resource[_ ]exhausted/i],
  ['authentication', /invalid api key|authentication|unauthorized|no api key|oauth|permission_error/i],
];

const laterWordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['invalid_request', /invalid_request/i],
  ['timeout', /timed? ?out|timeout/i],
  ['server', /internal server error|server_error|api_error|bad gateway|service unavailable/i],
];

/** Why a request failed, from the start of its message: `400 {"type":"error",...}`, `... API error (404): ...`. */
export function apiErrorSubtype(text: string): ApiErrorSubtype {
  const head = text.slice(0, HEAD_CHARACTERS);
  return matching(wordings, head) ?? subtypeOfStatus(head) ?? matching(laterWordings, head) ?? 'other';
}

function matching(rules: typeof wordings, head: string): ApiErrorSubtype | undefined {
  return rules.find(([, pattern]) => pattern.test(head))?.[0];
}

function subtypeOfStatus(head: string): ApiErrorSubtype | undefined {
  const digits = /^(\d{3})\b/.exec(head)?.[1] ?? /\b(?:error|status)[^\d\n]{0,12}(\d{3})\b/i.exec(head)?.[1];
  if (digits === undefined) return undefined;
  const status = Number(digits);
  if (status < 400 || status > 599) return undefined;
  return statuses.get(status) ?? (status >= 500 ? 'server' : 'invalid_request');
}
