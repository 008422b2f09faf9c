import type { Micros } from '../core/event.ts';
import { formatDay, startOfDay } from '../core/time.ts';
import type { Window } from '../core/window.ts';
import type { ReportWindow } from './value.ts';

/**
 * The stretch of equal length before a window, which ends where the window begins; null when one end is open, so that there is
 * no length.
 */
export function windowBefore({ since, until, anchor }: Window): Window | null {
  if (since === null || until === null) return null;
  return { since: since - (until - since), until: since, anchor };
}

export function reportWindow({ since, until }: Window, zone: string): ReportWindow {
  return { since: iso(since), until: iso(until), zone };
}

/** ISO 8601 in UTC with microseconds, which DuckDB reads as the same instant. */
export function iso(moment: Micros | null): string | null {
  if (moment === null) return null;
  const micros = ((moment % 1_000_000) + 1_000_000) % 1_000_000;
  return `${new Date((moment - micros) / 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}

/** A window without an end ends now: a report must say up to when it looked. */
export function closedWindow(window: Window, now: Micros): Window & { readonly until: Micros } {
  return { ...window, until: window.until ?? now };
}

/** The day that names the files. The end does not belong to the window: a report until midnight is about the day before. */
export function reportDate({ until }: { readonly until: Micros }, zone: string): string {
  return formatDay(until - 1, zone);
}

const FEWEST_DAYS = 14;
const MOST_DAYS = 92;

/** Where the days of the trend begin: with the window, but two weeks before its end at the latest, a quarter at the earliest. */
export function chartSince({ since, until }: Window, zone: string): Micros | null {
  if (until === null) return since;
  const earliest = startOfDay(until - 1, zone, 1 - MOST_DAYS);
  const latest = startOfDay(until - 1, zone, 1 - FEWEST_DAYS);
  return Math.max(earliest, Math.min(latest, since ?? earliest));
}
