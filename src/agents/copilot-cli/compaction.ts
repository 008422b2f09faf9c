import type { AgentEvent } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import { meta, notice, plain, system } from '../shared/events.ts';
import { countField, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { beganAt, begins } from './spans.ts';
import type { Source } from './source.ts';
import { addResponse } from './usage-book.ts';

const KEY = 'compaction';

export function compactionStart(place: Place, _data: JsonObject, source: Source): readonly AgentEvent[] {
  begins(source, KEY, place, null);
  return [meta(place, 'internal', 0, null)];
}

/** What was left out, the summary that took its place, and what writing it cost. */
export function compactionEvents(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const { durationS } = beganAt(source, KEY, place);
  noteUsage(place, data, source);
  if (data['success'] === false) {
    return [notice(place, 0, `compaction failed: ${textField(place.flags, data['error']) ?? 'no reason given'}`)];
  }
  const before = countField(place.flags, data['preCompactionTokens']);
  const after = countField(place.flags, data['postCompactionTokens']);
  const parts = [
    textField(place.flags, data['trigger']),
    before === null ? null : `${before} tokens before`,
    after === null ? null : `${after} tokens after`,
  ];
  const text = parts.filter((part) => part !== null).join(', ');
  const events = [system(place, 0, text, { subtype: 'compaction', durationS })];
  const summary = textField(place.flags, data['summaryContent']);
  if (summary !== null) events.push(plain(place, 'summary', 'summary', summary));
  return events;
}

export function truncationEvent(place: Place, data: JsonObject): AgentEvent {
  const removed = countField(place.flags, data['tokensRemovedDuringTruncation'] ?? data['droppedTokens']);
  const text = removed === null ? 'truncation' : `truncation, ${removed} tokens removed`;
  return system(place, 0, text, { subtype: 'compaction', durationS: null });
}

function noteUsage(place: Place, data: JsonObject, source: Source): void {
  const used = objectField(place.flags, data['compactionTokensUsed']);
  const outputTokens = used === null ? null : countField(place.flags, used['outputTokens'] ?? used['output']);
  if (outputTokens === null) return;
  addResponse(source.usage, `compaction:${place.key}`, {
    place,
    responseId: null,
    model: textField(place.flags, used?.['model']) ?? null,
    assumedModel: source.model,
    outputTokens,
  });
}
