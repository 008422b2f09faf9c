import type { WaitHeaders } from '../providers/provider.ts';

/** Longer waits end the run: a nightly job must not hold the store's lock for hours. */
export const LONGEST_WAIT_MS = 300_000;
/** A service that asks for a year is asked again tomorrow. */
export const LONGEST_PARKING_MS = 24 * 3600 * 1000;

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

/** Milliseconds that a service asks to wait; null when it does not say, or says what cannot be meant. */
export function askedWait({ retryAfter, retryAfterMs }: WaitHeaders, nowMs: number): number | null {
  return numberOf(retryAfterMs, 1) ?? numberOf(retryAfter, 1000) ?? untilDate(retryAfter, nowMs);
}

function numberOf(text: string | null, unitMs: number): number | null {
  if (text === null || !/^\s*\d{1,12}(?:\.\d{1,9})?\s*$/.test(text)) return null;
  return Math.ceil(Number(text) * unitMs);
}

/** `Wed, 21 Oct 2026 07:28:00 GMT`; other forms that Date would guess at are left alone. */
function untilDate(text: string | null, nowMs: number): number | null {
  if (text === null || !/^[A-Z][a-z]{2,8}, .{10,30} GMT$/.test(text.trim())) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) || at <= nowMs ? null : at - nowMs;
}

/** Anything between nothing and a bound that doubles with every failure, so that many callers do not come back at once. */
export function backoff(failures: number, random: () => number): number {
  const bound = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
  return Math.ceil(random() * bound);
}
