import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copilotCli } from '../../../src/agents/copilot-cli/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, copilotCli);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

const types = [
  'session.start',
  'session.resume',
  'session.shutdown',
  'session.error',
  'session.context_changed',
  'session.compaction_complete',
  'user.message',
  'assistant.message',
  'assistant.reasoning',
  'assistant.turn_start',
  'assistant.turn_end',
  'assistant.usage',
  'tool.execution_start',
  'tool.execution_complete',
  'tool.user_requested',
  'permission.requested',
  'permission.completed',
  'hook.start',
  'hook.end',
  'subagent.started',
  'abort',
  'never.seen',
];

const fields = [
  'sessionId',
  'content',
  'toolRequests',
  'toolCallId',
  'name',
  'toolName',
  'arguments',
  'outputTokens',
  'apiCallId',
  'model',
  'modelMetrics',
  'usage',
  'requests',
  'inputTokens',
  'result',
  'error',
  'success',
  'kind',
  'requestId',
  'parentToolCallId',
  'interactionId',
  'turnId',
  'hookInvocationId',
  'context',
  'cwd',
];

const callIds = fc.constantFrom('c1', 'c2');
const data = fc.dictionary(fc.constantFrom(...fields), json);
const likelyData = fc.record(
  {
    toolCallId: fc.oneof(callIds, json),
    toolName: fc.oneof(fc.constantFrom('bash', 'view', 'apply_patch'), json),
    arguments: fc.oneof(fc.constant({ command: 'ls' }), json),
    toolRequests: fc.oneof(fc.array(fc.record({ toolCallId: callIds, name: json, arguments: json })), json),
    outputTokens: fc.oneof(fc.nat(500), json),
    apiCallId: fc.oneof(fc.constantFrom('r1', 'r2', 'r3'), json),
    modelMetrics: fc.oneof(
      fc.dictionary(
        fc.constantFrom('m', 'n'),
        fc.record({
          requests: json,
          usage: fc.oneof(fc.record({ inputTokens: json, outputTokens: fc.nat(2000) }), json),
        }),
      ),
      json,
    ),
    result: fc.oneof(fc.record({ kind: fc.constantFrom('approved', 'denied-by-rules') }), json),
    success: fc.oneof(fc.boolean(), json),
    content: json,
    parentToolCallId: fc.oneof(fc.constant(undefined), callIds, json),
  },
  { requiredKeys: [] },
);

/** Records with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const oddRecord: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.constantFrom(...types),
      data: fc.oneof(likelyData, data, json),
      id: fc.oneof(fc.uuid(), json),
      parentId: json,
      timestamp: fc.oneof(fc.constant('2026-06-10T09:00:00.000Z'), json),
      agentId: fc.oneof(fc.constant(undefined), fc.constant('a'), json),
    },
    { requiredKeys: ['type'] },
  )
  .map(asObject);

const storeRecord: fc.Arbitrary<JsonObject> = fc
  .record({
    table: fc.constantFrom('sessions', 'assistant_usage_events', 'turns'),
    row: fc.oneof(
      fc.dictionary(
        fc.constantFrom('id', 'session_id', 'input_tokens', 'output_tokens', 'created_at', 'agent_id'),
        json,
      ),
      json,
    ),
  })
  .map(asObject);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddRecord, storeRecord), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line', () => {
    const source = fc.oneof(
      fc.array(fc.oneof(json, oddRecord), { maxLength: 8 }),
      fc.array(storeRecord, { maxLength: 5 }),
    );
    fc.assert(
      fc.property(source, (records) => {
        const lines = new Set(adaptAll(records).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 400 },
    );
  });
});

const start = {
  type: 'session.start',
  id: 's',
  timestamp: '2026-06-10T08:00:00.000Z',
  data: { sessionId: 'fixed', copilotVersion: '1' },
};

test('a longer copy of a source gives the events of the shorter one, but for what only the end decides', () => {
  fc.assert(
    fc.property(fc.array(oddRecord, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = decidedAtOnce(adaptAll([start, ...records]));
      const prefix = decidedAtOnce(adaptAll([start, ...records.slice(0, cut)]));
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 400 },
  );
});

/** A call without input, and the same id again as a person's own command: the call was lost. */
const requestedTwice = [
  { type: 'assistant.message', data: { toolRequests: [{ toolCallId: 'c1', name: 'bash', arguments: [] }] } },
  { type: 'tool.user_requested', data: { toolCallId: 'c1' } },
];

test('a call and its result have the same key in a longer copy, also when only its end told them', () => {
  fc.assert(
    fc.property(fc.array(oddRecord, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = new Set(adaptAll([start, ...records]).map(({ key }) => key));
      const prefix = adaptAll([start, ...records.slice(0, cut)]).filter(({ kind }) => kind.startsWith('tool_'));
      expect(prefix.filter(({ key }) => !whole.has(key))).toEqual([]);
    }),
    { numRuns: 400, examples: [[requestedTwice, 1]] },
  );
});

test('totals of single runs and of the whole session give the same sums', () => {
  const run = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
      const spent = runs.flat().reduce((sum, tokens) => sum + tokens, 0);
      expect(outputTokens(adaptAll(sessionOf(runs, false)))).toBe(spent);
      expect(outputTokens(adaptAll(sessionOf(runs, true)))).toBe(spent);
    }),
    { numRuns: 200 },
  );
});

/** Runs with the output of each response, and a total after each run: of the run, or of all so far. */
function sessionOf(runs: readonly (readonly number[])[], cumulative: boolean): JsonObject[] {
  const records: JsonObject[] = [];
  let before: readonly number[] = [];
  const add = (type: string, fields: JsonObject): void => {
    records.push({ ...start, type, id: `e${records.length}`, data: fields });
  };
  for (const run of runs) {
    add(records.length === 0 ? 'session.start' : 'session.resume', { sessionId: 'fixed' });
    for (const tokens of run) add('assistant.message', { model: 'm', outputTokens: tokens });
    before = [...before, ...run];
    const counted = cumulative ? before : run;
    const total = counted.reduce((sum, tokens) => sum + tokens, 0);
    const usage = { inputTokens: counted.length, outputTokens: total };
    add('session.shutdown', { modelMetrics: { m: { requests: { count: counted.length }, usage } } });
  }
  return records;
}

function outputTokens(events: readonly AgentEvent[]): number {
  return events.reduce((sum, event) => sum + (event.kind === 'usage' ? (event.outputTokens ?? 0) : 0), 0);
}

/** Calls without input wait for a better record, refused calls for their result, and usage for the run's total. */
function decidedAtOnce(events: readonly AgentEvent[]): AgentEvent[] {
  return events.filter(
    (event) =>
      event.kind !== 'usage' &&
      !(event.kind === 'tool_call' && event.input === null) &&
      !(event.kind === 'tool_result' && event.recordType === 'permission.completed'),
  );
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}

function asObject(value: unknown): JsonObject {
  const read = toJson(value);
  return isObject(read) ? read : {};
}
