import type { ApiErrorSubtype } from '../../core/event.ts';

const HEAD_CHARACTERS = 400;

/** A request that failed for good is written as an answer. */
export function isErrorText(text: string): boolean {
  return text.startsWith('Ran into this error: ');
}

const wordings: readonly (readonly [ApiErrorSubtype, RegExp])[] = [
  ['context_overflow', /context length|context window|prompt is too long/i],
  ['rate_limit', /rate limit|\b429\b|too many requests/i],
  ['authentication', /authentication|unauthorized|api key|\b40[13]\b/i],
  ['billing', /credits? exhausted|insufficient (?:credits|quota)|\b402\b/i],
  ['timeout', /timed out|timeout/i],
  ['overloaded', /overloaded|\b529\b/i],
  ['server', /server error|\b50\d\b/i],
];

export function errorSubtype(text: string): ApiErrorSubtype {
  const head = text.slice(0, HEAD_CHARACTERS);
  return wordings.find(([, pattern]) => pattern.test(head))?.[0] ?? 'other';
}
