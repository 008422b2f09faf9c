import type { ApiErrorSubtype } from '../../../core/event.ts';

/** What kind of failure the words of an error tell; the first that fits decides. */
export function failureOf(text: string | null): ApiErrorSubtype {
  const words = (text ?? '').slice(0, 2000);
  return wordings.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other';
}

const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['context_overflow', /prompt is too long|context (?:window|length)|maximum context|too many tokens/i],
  ['billing', /credit balance|insufficient[ _](?:credits?|funds|quota)|billing|payment required|\b402\b/i],
  ['rate_limit', /rate.?limit|too many requests|quota|\b429\b/i],
  ['overloaded', /overloaded|\b529\b/i],
  ['authentication', /unauthori[sz]ed|authentication|invalid api key|api key|forbidden|\b40[13]\b/i],
  ['timeout', /timed? ?out/i],
  ['invalid_request', /invalid.request|bad request|\b400\b/i],
  ['server', /internal server error|bad gateway|service unavailable|\b50[0234]\b/i],
];
