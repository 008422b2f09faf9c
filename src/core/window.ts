import { UsageError } from './errors.ts';
import type { Micros } from './event.ts';
import { isDuration, parseDuration, parseMoment } from './time.ts';

type Anchor = 'activity' | 'start';

/**
 * The stretch of event time that is asked for: `since` belongs to it, `until` does not, null is no bound.
 * `activity`: sessions that were active in it; `start`: sessions that started in it.
 */
export interface Window {
  readonly since: Micros | null;
  readonly until: Micros | null;
  readonly anchor: Anchor;
}

export interface WindowOptions {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly anchor?: string | undefined;
}

export const everything: Window = { since: null, until: null, anchor: 'activity' };

/** Reads `--since`, `--until` and `--anchor`; a duration in `--since` counts back from `--until`, else from `now`. */
export function parseWindow(options: WindowOptions, now: Micros, zone: string): Window {
  const until = options.until === undefined ? null : parseMoment(options.until, now, zone, '--until');
  const since = options.since === undefined ? null : sinceMoment(options.since, until, now, zone);
  if (since !== null && until !== null && since >= until) {
    throw new UsageError(
      `Expected --since to be earlier than --until, got "${options.since ?? ''}" and "${options.until ?? ''}".`,
    );
  }
  return { since, until, anchor: parseAnchor(options.anchor ?? 'activity') };
}

function sinceMoment(text: string, until: Micros | null, now: Micros, zone: string): Micros | null {
  if (isDuration(text)) return (until ?? now) - parseDuration(text, '--since') * 1_000_000;
  return parseMoment(text, now, zone, '--since');
}

function parseAnchor(text: string): Anchor {
  if (text === 'activity' || text === 'start') return text;
  throw new UsageError(`Expected --anchor to be activity or start, got "${text}".`);
}
