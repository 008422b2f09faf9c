import type { AgentEvent, UsageFields } from '../../core/event.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { meta, notice, usage } from '../shared/events.ts';
import { countField, flagOnce, numberField, objectField, textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { reachOf, type Reach } from './reach.ts';
import type { Source } from './source.ts';
import { counterNames, processEnds, sum, type Counters, type Response, type UsageBook } from './usage-book.ts';

/** The end of a run of the agent, with what it used by model. */
export function shutdownEvents(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const reason = textField(place.flags, data['errorReason']);
  const ending = textField(place.flags, data['shutdownType']);
  const text = [ending, reason].filter((part) => part !== null).join(': ');
  const events = [ending === 'error' ? notice(place, 0, text) : meta(place, 'internal', 0, text)];
  const total = totalOf(place, objectField(place.flags, data['modelMetrics']) ?? {});
  if (tellsMore(total, source.usage)) events.push(...totalEvents(place, total, source.usage));
  processEnds(source.usage);
  return events;
}

/** Each request by itself: newer versions keep it out of the file. */
export function callUsage(place: Place, data: JsonObject): AgentEvent {
  const details = isObject(data['copilotUsage']) ? data['copilotUsage'] : {};
  const counters = countersOf(place, data, 1, details['totalNanoAiu']);
  const responseId = textField(place.flags, data['apiCallId']);
  const key = `usage:${place.key}`;
  return usage(place, key, {
    ...fieldsOf(place, counters, textField(place.flags, data['model'])),
    grain: 'response',
    responses: 1,
    responseId,
  });
}

/** Responses that no total covers: after a crash their output is all that is known. */
export function* closeUsage(book: UsageBook): Generator<AgentEvent> {
  for (const { response, process } of book.open.values()) {
    if (!book.toldByCall.has(process)) yield responseUsage(response);
  }
}

/** A provider that reports no tokens leaves a total of zeros: what the messages say is more. */
function tellsMore(total: ReadonlyMap<string, Counters>, book: UsageBook): boolean {
  const counted = [...total.values()].some((counters) => (counters.input ?? 0) + (counters.output ?? 0) > 0);
  return (
    total.size > 0 && (counted || [...book.open.values()].every(({ response }) => (response.outputTokens ?? 0) === 0))
  );
}

function totalOf(place: Place, metrics: JsonObject): ReadonlyMap<string, Counters> {
  const total = new Map<string, Counters>();
  for (const [model, written] of Object.entries(metrics)) {
    const fields = objectField(place.flags, written);
    const used = objectField(place.flags, fields?.['usage']);
    if (fields === null || used === null) continue;
    const requests = fields['requests'];
    const responses = countField(place.flags, isObject(requests) ? requests['count'] : requests);
    total.set(model, countersOf(place, used, responses, fields['totalNanoAiu']));
  }
  return total;
}

function countersOf(place: Place, used: JsonObject, responses: number | null, nanoAiu: JsonObject[string]): Counters {
  const { flags } = place;
  return {
    input: countField(flags, used['inputTokens']),
    output: countField(flags, used['outputTokens']),
    cacheRead: countField(flags, used['cacheReadTokens']),
    cacheWrite: countField(flags, used['cacheWriteTokens']),
    reasoning: countField(flags, used['reasoningTokens']),
    responses,
    nanoAiu: numberField(flags, nanoAiu),
  };
}

function totalEvents(place: Place, total: ReadonlyMap<string, Counters>, book: UsageBook): readonly AgentEvent[] {
  const reach = reachOf(total, book);
  const events = book.toldByCall.has(book.process)
    ? []
    : [...crashedRuns(book, reach), ...[...total].flatMap((entry) => modelTotal(place, entry, reach, book))];
  for (const [model, counters] of total) {
    const before = book.told.get(model);
    book.told.set(model, before === undefined || reach === 'session' ? counters : added(before, counters));
  }
  book.lastTotal = total;
  book.open.clear();
  return events;
}

/** What one model used since the last total. */
function modelTotal(
  place: Place,
  [model, written]: readonly [string, Counters],
  reach: Reach,
  book: UsageBook,
): readonly AgentEvent[] {
  const before = reach === 'session' ? book.told.get(model) : undefined;
  const own: Place = { ...place, flags: [...place.flags] };
  const counters = before === undefined ? written : difference(own, written, before);
  if (counterNames.every((name) => (counters[name] ?? 0) === 0)) return [];
  const fields = { ...fieldsOf(own, counters, model), grain: 'process', responses: counters.responses } as const;
  return [usage(own, `usage:${place.key}:${model}`, fields)];
}

/** Runs that crashed before this one, where this one's total leaves them out: their output by model. */
function crashedRuns(book: UsageBook, reach: Reach): readonly AgentEvent[] {
  if (reach !== 'run') return [];
  const sums = new Map<string, Response & { readonly responses: number; readonly firstKey: string }>();
  for (const { response, process } of book.open.values()) {
    if (process === book.process || book.toldByCall.has(process)) continue;
    const name = `${process}:${response.model ?? response.assumedModel ?? ''}`;
    const known = sums.get(name);
    const outputTokens = sum(known?.outputTokens ?? null, response.outputTokens);
    const responses = (known?.responses ?? 0) + 1;
    sums.set(name, { ...response, outputTokens, responses, firstKey: known?.firstKey ?? response.place.key });
  }
  return [...sums.values()].map(({ responses, firstKey, ...response }) =>
    usage(placeOf(response), `usage:crashed:${firstKey}`, {
      ...outputFields(response),
      grain: 'process',
      responses,
      responseId: null,
    }),
  );
}

function responseUsage(response: Response): AgentEvent {
  return usage(placeOf(response), `output:${response.place.key}`, {
    ...outputFields(response),
    grain: 'output',
    responses: 1,
  });
}

function placeOf({ place, model, assumedModel }: Response): Place {
  const flags = [...place.flags];
  if (model === null && assumedModel !== null) flagOnce(flags, 'assumed_model');
  return { ...place, flags };
}

function outputFields({
  model,
  assumedModel,
  responseId,
  outputTokens,
}: Response): Omit<UsageFields, 'grain' | 'responses'> {
  return { ...noTokens, model: model ?? assumedModel, responseId, outputTokens };
}

const noTokens = {
  requestId: null,
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWrite5mTokens: null,
  cacheWrite1hTokens: null,
  reasoningTokens: null,
  recordedCostUsdMicros: null,
  speed: null,
} as const;

/** The written counters in the form of all agents; requests without a single token are requests whose tokens nobody counted. */
export function fieldsOf(
  place: Place,
  counters: Counters,
  model: string | null,
): Omit<UsageFields, 'grain' | 'responses'> {
  const { input, output, cacheRead, cacheWrite, reasoning, nanoAiu } = counters;
  const names = { ...noTokens, model, responseId: null, recordedCostUsdMicros: costOf(nanoAiu) };
  if ([input, output, cacheRead, cacheWrite].every((count) => (count ?? 0) === 0)) return names;
  return {
    ...names,
    inputTokens: uncached(place, input, (cacheRead ?? 0) + (cacheWrite ?? 0)),
    outputTokens: output,
    cacheReadTokens: cacheRead,
    cacheWrite5mTokens: cacheWrite,
    reasoningTokens: reasoning,
  };
}

/** Null when the parts are more than the whole: then one of them is wrong, and nobody can say which. */
function uncached(place: Place, input: number | null, cached: number): number | null {
  if (input === null) return null;
  if (input >= cached) return input - cached;
  flagOnce(place.flags, 'wrong_type');
  return null;
}

const NANO_AIU_PER_MICRO_DOLLAR = 100_000;

/** A credit is a cent; 0 stands for a plan that is not billed by credits. */
function costOf(nanoAiu: number | null): number | null {
  return nanoAiu === null || nanoAiu <= 0 ? null : Math.round(nanoAiu / NANO_AIU_PER_MICRO_DOLLAR);
}

function added(before: Counters, more: Counters): Counters {
  return combined((name) => sum(before[name], more[name]));
}

/** A counter that fell while the others grew cannot be told apart from what came before. */
function difference(place: Place, now: Counters, before: Counters): Counters {
  return combined((name) => {
    const [late, early] = [now[name], before[name]];
    if (late === null || early === null) return late;
    if (late >= early) return late - early;
    flagOnce(place.flags, 'wrong_type');
    return null;
  });
}

function combined(of: (name: (typeof counterNames)[number]) => number | null): Counters {
  return {
    input: of('input'),
    output: of('output'),
    cacheRead: of('cacheRead'),
    cacheWrite: of('cacheWrite'),
    reasoning: of('reasoning'),
    responses: of('responses'),
    nanoAiu: of('nanoAiu'),
  };
}
