import type { AgentEvent } from '../../core/event.ts';
import { asArray, asText, isObject } from '../../core/json.ts';
import { apiError, interrupt, meta, notice, plain, system, usage } from '../shared/events.ts';
import { flagOnce, numberField, secondsField, textField } from '../shared/fields.ts';
import { mirror } from './answers.ts';
import { errorOf } from './api-errors.ts';
import { isNewCompaction } from './compaction.ts';
import type { Owned } from './lineage.ts';
import { contentName, placeOf, scopedName } from './locate.ts';
import { infoOf, spentBy } from './meter.ts';
import type { Source } from './source.ts';

/** Before models were written, there was one: 0.34 of September 2025 does not write it, 0.39 does. */
const ONLY_MODEL = 'gpt-5';
const WITHOUT_MODEL = /^0\.(?:[0-2]?\d|3[0-5])\./;
const MODELS_WRITTEN_US = Date.UTC(2025, 8, 15) * 1000;

/** `token_count`: the difference to the one before, of the model of the turn (formats.md 2.7). */
export function usageEvent(owned: Owned, source: Source): AgentEvent {
  const { payload } = owned.entry;
  const info = infoOf(payload);
  const flags = [...owned.entry.record.flags];
  const spent = info === null ? null : spentBy(source.meter, info, flags);
  if (info === null || spent === null) return mirror(owned, source);
  const place = placeOf(owned, scopedName(owned, 'usage', spent.name), source);
  for (const flag of flags) flagOnce(place.flags, flag);
  const written = source.model ?? asText(payload['model']) ?? asText(info['model']) ?? owned.thread.model;
  const isAssumed = written === null && isBeforeModels(owned);
  if (isAssumed) flagOnce(place.flags, 'assumed_model');
  return usage(place, place.key, {
    ...spent.counts,
    grain: 'response',
    responses: spent.responses,
    model: isAssumed ? ONLY_MODEL : written,
    responseId: null,
    requestId: null,
    recordedCostUsdMicros: null,
    speed: null,
  });
}

function isBeforeModels({ entry, thread }: Owned): boolean {
  if (thread.agentVersion !== null) return WITHOUT_MODEL.test(thread.agentVersion);
  return entry.ts === null || entry.ts < MODELS_WRITTEN_US;
}

/** `turn_context`: what holds for the turn that begins. */
export function turnSettings(owned: Owned, source: Source): AgentEvent {
  const { payload } = owned.entry;
  const { sandbox_policy: sandbox, collaboration_mode: collaboration } = payload;
  const place = placeOf(owned, scopedName(owned, 'turn_context', ''), source);
  const cwd = textField(place.flags, payload['cwd']);
  if (cwd !== null) source.cwd = cwd;
  source.model = textField(place.flags, payload['model']) ?? source.model;
  const settings = [
    isObject(collaboration) ? asText(collaboration['mode']) : null,
    asText(payload['approval_policy']),
    isObject(sandbox) ? (asText(sandbox['type']) ?? asText(sandbox['mode'])) : asText(sandbox),
  ];
  const text = settings.filter((setting) => setting !== null).join(', ');
  return meta({ ...place, cwd: cwd ?? place.cwd }, 'mode', 0, text);
}

/** `task_complete`: how long the turn took, and the error that ended it unless the client said it before. */
export function turnEnd(owned: Owned, source: Source): AgentEvent[] {
  const { payload } = owned.entry;
  const place = placeOf(owned, scopedName(owned, 'turn_end', ''), source);
  const durationS = secondsField(place.flags, payload['duration_ms']);
  const events = [system(place, 0, null, { subtype: 'turn_end', durationS })];
  const error = errorOf(payload['error']);
  if (error !== null && error.text !== source.lastError)
    events.push(apiError(place, error.subtype, 'error', error.text));
  source.lastError = null;
  return events;
}

/** `turn_aborted`: a person's stop or next prompt; the program ends turns as well. */
export function turnAborted(owned: Owned, source: Source): AgentEvent {
  const place = placeOf(owned, scopedName(owned, 'turn_aborted', ''), source);
  const reason = textField(place.flags, owned.entry.payload['reason']) ?? 'interrupted';
  if (reason === 'review_ended' || reason === 'budget_limited') return notice(place, 0, `turn aborted: ${reason}`);
  return interrupt(place, 'turn', 0, `turn aborted: ${reason}`);
}

/** `error` and `stream_error`, which the client retries. */
export function clientError(owned: Owned, isRetry: boolean, source: Source): AgentEvent {
  const place = placeOf(owned, contentName(owned), source);
  const error = errorOf(owned.entry.payload);
  if (!isRetry) source.lastError = error?.text ?? null;
  return apiError(place, isRetry ? 'retry' : (error?.subtype ?? 'other'), 0, error?.text ?? null);
}

/** `thread_rolled_back`: a person took back turns, which stay paid for. */
export function rolledBack(owned: Owned, source: Source): AgentEvent {
  const place = placeOf(owned, contentName(owned), source);
  const turns = numberField(place.flags, owned.entry.payload['num_turns']);
  return notice(place, 0, `thread rolled back: ${turns ?? 'unknown number of'} turns`);
}

/** `compacted`, and the other records that tell of the same compaction. */
export function compactionEvents(owned: Owned, kind: string, source: Source): AgentEvent[] {
  if (!isNewCompaction(source.compactions, kind)) return [mirror(owned, source)];
  const place = placeOf(owned, scopedName(owned, 'compaction', ''), source);
  const events: AgentEvent[] = [system(place, 0, null, { subtype: 'compaction', durationS: null })];
  const summary = kind === 'compacted' ? textField(place.flags, owned.entry.payload['message']) : null;
  if (summary !== null) events.push(plain(place, 'summary', 'summary', summary));
  return events;
}

/** `/review`: typed by a person; what it found is a command's output. */
export function reviewEvent(owned: Owned, source: Source): AgentEvent {
  const place = placeOf(owned, contentName(owned), source);
  const { inner, payload } = owned.entry;
  if (inner === 'entered_review_mode') {
    const hint = asText(payload['user_facing_hint']) ?? asText(payload['prompt']);
    return meta(place, 'command', 0, hint === null ? '/review' : `/review ${hint}`);
  }
  const found = payload['review_output'];
  if (!isObject(found)) return meta(place, 'command_output', 0, null);
  const titles = (asArray(found['findings']) ?? []).map((finding) =>
    isObject(finding) ? asText(finding['title']) : null,
  );
  const text = [asText(found['overall_explanation']), ...titles].filter((part) => part !== null).join('\n');
  return meta(place, 'command_output', 0, text);
}
