import type { AgentEvent } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import { meta } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

interface HeldSummary {
  readonly place: Place;
  readonly text: string | null;
  readonly leafUuid: string | null;
}

/** `summary` lines wait for the end of the source: the message that they are about may come later. */
export type Summaries = HeldSummary[];

export function newSummaries(): Summaries {
  return [];
}

export function holdSummary(summaries: Summaries, place: Place, value: JsonObject): void {
  summaries.push({ place, text: textField(place.flags, value['summary']), leafUuid: asText(value['leafUuid']) });
}

/**
 * A summary whose leaf is not in the source describes another session (formats.md 1.10): no title of this one, and `copied`,
 * so that a copy in the file that has the leaf wins.
 */
export function closeSummaries(summaries: Summaries, uuids: ReadonlySet<string>): AgentEvent[] {
  return summaries.map(({ place, text, leafUuid }) =>
    leafUuid !== null && uuids.has(leafUuid)
      ? meta(place, 'title_summary', 0, text)
      : meta({ ...place, copied: true }, 'internal', 0, text),
  );
}
