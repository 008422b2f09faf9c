import type { ApiErrorSubtype } from '../../core/event.ts';

const HEAD_CHARACTERS = 1000;

const subtypesByStatus = new Map<number, ApiErrorSubtype>([
  [401, 'authentication'],
  [402, 'billing'],
  [403, 'authentication'],
  [408, 'timeout'],
  [429, 'rate_limit'],
  [503, 'overloaded'],
  [504, 'timeout'],
  [529, 'overloaded'],
]);

/** Why a request failed: a prompt that is too long or an unpaid bill hide behind a general status, so words come first. */
export function apiErrorSubtype(message: string, errorType: string, status: number | null): ApiErrorSubtype {
  const head = message.slice(0, HEAD_CHARACTERS);
  if (/maximum context length|context (?:window|length)|range of input length|input token count/i.test(head)) {
    return 'context_overflow';
  }
  if (/insufficient[_ ](?:balance|quota)|billing|arrearage|payment/i.test(head)) return 'billing';
  const code = status ?? statusIn(head);
  return subtypeOfStatus(code) ?? subtypeOfWording(`${errorType} ${head}`);
}

function statusIn(head: string): number | null {
  const digits = /^(\d{3}) |status:? (\d{3})\b/i.exec(head);
  const code = digits?.[1] ?? digits?.[2];
  return code === undefined ? null : Number(code);
}

function subtypeOfStatus(status: number | null): ApiErrorSubtype | undefined {
  if (status === null || status < 400) return undefined;
  return subtypesByStatus.get(status) ?? (status >= 500 ? 'server' : 'invalid_request');
}

function subtypeOfWording(text: string): ApiErrorSubtype {
  if (/rate ?limit|quota|too many requests/i.test(text)) return 'rate_limit';
  if (/timed? ?out|timeout|ETIMEDOUT/i.test(text)) return 'timeout';
  if (/overloaded|unavailable/i.test(text)) return 'overloaded';
  return /unauthorized|api key|authentication/i.test(text) ? 'authentication' : 'other';
}
