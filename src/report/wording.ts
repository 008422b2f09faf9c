import { formatCount, formatUsd, plural } from '../core/figures.ts';
import { formatDuration, formatInstant, isoMoment } from '../core/time.ts';
import { code } from './markdown.ts';
import type { Estimate } from './rate.ts';
import type { ReportWindow } from './value.ts';

export const NOT_KNOWN = 'not known';

export function countText(count: number | null): string {
  return count === null ? NOT_KNOWN : formatCount(count);
}

export function durationText(seconds: number | null): string {
  return seconds === null ? NOT_KNOWN : formatDuration(seconds);
}

export function usdText(usd: number | null): string {
  return usd === null ? NOT_KNOWN : formatUsd(usd);
}

/** `3.0 (1.6 to 5.2)`: a rate with its 95 % interval. */
export function estimateText({ value, low, high }: Estimate): string {
  if (value === null) return NOT_KNOWN;
  return low === null || high === null ? rateText(value) : `${rateText(value)} (${rateText(low)} to ${rateText(high)})`;
}

/** One decimal, two below one. */
export function rateText(rate: number | null): string {
  return rate === null ? NOT_KNOWN : rate.toFixed(rate < 1 && rate > 0 ? 2 : 1);
}

/** What changed from `before` to `now`: the difference, and its share where there is something to compare with. */
export function changeText(now: number | null, before: number | null, format: (amount: number) => string): string {
  if (now === null || before === null) return '-';
  if (now === before) return 'same';
  const sign = now > before ? '+' : '-';
  const share = before === 0 ? '' : ` (${sign}${((Math.abs(now - before) / Math.abs(before)) * 100).toFixed(0)} %)`;
  return `${sign}${format(Math.abs(now - before))}${share}`;
}

/** Says how many sessions a figure covers, when it is not all of them. */
export function coverNote(covered: number, sessions: number): string {
  return covered === sessions ? '' : ` (${formatCount(covered)} of ${plural(sessions, 'session')})`;
}

/** Where a quote stands: the beginning of the session id and the line of its transcript. */
export function placeText(sessionId: string, line: number | null): string {
  const short = Array.from(sessionId).slice(0, 8).join('');
  return code(line === null ? short : `${short}:${line}`);
}

function momentText(moment: string | null, zone: string): string | null {
  const micros = moment === null ? null : isoMoment(moment, 'UTC');
  return micros === null ? null : formatInstant(micros, zone);
}

/** `2026-02-10 16:00` in the zone. */
export function instantText(moment: string | null, zone: string): string {
  return momentText(moment, zone) ?? NOT_KNOWN;
}

/** `2026-02-10 16:00 to 2026-02-11 16:00 (UTC)`. */
export function windowText({ since, until, zone }: ReportWindow): string {
  const from = momentText(since, zone);
  const to = momentText(until, zone);
  const stretch = `${from === null ? 'the beginning' : from} to ${to === null ? 'the end' : to}`;
  return `${stretch} (${zone})`;
}
