import type { JsonObject } from '../core/json.ts';
import { formatInstant } from '../core/time.ts';
import type { ViewSettings } from '../views/lake.ts';

type ShownWindow = Pick<ViewSettings, 'sinceMicros' | 'untilMicros' | 'anchor' | 'zone'>;

/** The window as JSON output has it: ISO instants, null for no bound. */
export function windowJson({ sinceMicros, untilMicros, anchor, zone }: ShownWindow): JsonObject {
  return { since: isoOf(sinceMicros), until: isoOf(untilMicros), anchor, zone };
}

/** The window in words; null when there is none. */
export function windowText({ sinceMicros, untilMicros, anchor, zone }: ShownWindow): string | null {
  if (sinceMicros === null && untilMicros === null) return null;
  const from = sinceMicros === null ? 'the beginning' : formatInstant(sinceMicros, zone);
  const to = untilMicros === null ? 'now' : formatInstant(untilMicros, zone);
  const which = anchor === 'start' ? 'that started' : 'that were active';
  return `Sessions ${which} from ${from} to ${to} (${zone}); figures count what happened in that time.`;
}

function isoOf(micros: number | null): string | null {
  return micros === null ? null : new Date(Math.floor(micros / 1000)).toISOString();
}
