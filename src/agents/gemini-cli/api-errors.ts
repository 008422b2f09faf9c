import type { ApiErrorSubtype } from '../../core/event.ts';

const HEAD_CHARACTERS = 1000;

/** Why a request failed, from the text that the program shows; null for errors that are of no request. */
export function apiErrorSubtype(text: string): ApiErrorSubtype | null {
  const head = text.slice(0, HEAD_CHARACTERS);
  const isRequest =
    /\[API Error\b|^API Error\b|RESOURCE_EXHAUSTED|\b(?:daily|per day) quota|quota (?:limit|exceeded)/i.test(head);
  if (!isRequest) return null;
  return wordings.find(([, pattern]) => pattern.test(head))?.[0] ?? subtypeOfStatus(statusIn(head));
}

/** The first that fits decides. */
const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['context_overflow', /input token count|exceeds the maximum number of tokens|context (?:window|length)/i],
  ['rate_limit', /RESOURCE_EXHAUSTED|rate ?limit|quota|too many requests/i],
  ['overloaded', /UNAVAILABLE|overloaded/i],
  ['authentication', /UNAUTHENTICATED|PERMISSION_DENIED|API key|unauthorized/i],
  ['billing', /billing|payment/i],
  ['timeout', /DEADLINE_EXCEEDED|timed? ?out|ETIMEDOUT/i],
];

function statusIn(head: string): number | null {
  const digits = /"code": ?(\d{3})\b|status:? (\d{3})\b/i.exec(head);
  const code = digits?.[1] ?? digits?.[2];
  return code === undefined ? null : Number(code);
}

function subtypeOfStatus(status: number | null): ApiErrorSubtype {
  if (status === null) return 'other';
  if (status === 429) return 'rate_limit';
  if (status === 401 || status === 403) return 'authentication';
  if (status === 402) return 'billing';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 503 || status === 529) return 'overloaded';
  return status >= 500 ? 'server' : status >= 400 ? 'invalid_request' : 'other';
}
