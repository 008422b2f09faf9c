import type { Place } from '../shared/place.ts';
import { ownTsOf } from './locate.ts';
import type { Source } from './source.ts';

interface Span {
  /** Null when the beginning is not in the file, or one of the two has no time of its own. */
  readonly durationS: number | null;
  readonly callId: string | null;
}

/** Remembers when something began that another record ends. */
export function begins(source: Source, key: string, place: Place, callId: string | null): void {
  const ts = ownTsOf(place);
  if (ts !== null) source.begun.set(key, { ts, callId });
}

/** How long it took, once. */
export function beganAt(source: Source, key: string, place: Place): Span {
  const began = source.begun.get(key);
  if (began === undefined) return { durationS: null, callId: null };
  source.begun.delete(key);
  return { durationS: secondsBetween(began.ts, ownTsOf(place)), callId: began.callId };
}

/** Null when a time is missing, or when the clock was set back in between. */
export function secondsBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : (to - from) / 1_000_000;
}
