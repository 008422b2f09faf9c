import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { droid } from '../../../src/agents/droid/index.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, droid);
const hint = hintOf({ sessionId: 'fixed' });
const settingsHint = hintOf({ sessionId: 'fixed', form: 'document' });

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);
const time = fc
  .integer({ min: 0, max: 59 })
  .map((second) => `2026-05-04T09:00:${String(second).padStart(2, '0')}.000Z`);

const types = [
  'session_start',
  'message',
  'todo_state',
  'compaction_state',
  'agent_turn_outcome',
  'session_settings',
  'odd_type',
];

/** Lines with Droid's field names and anything as values: where a parser that trusts its input breaks. */
const oddLine: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: json }),
      id: fc.oneof(fc.uuid(), fc.constantFrom('m1', 'm2'), json),
      timestamp: fc.oneof(time, json),
      message: fc.oneof(oddMessage(), json),
      title: json,
      sessionTitle: json,
      cwd: json,
      version: json,
      parent: json,
      summary: json,
      reason: json,
      model: json,
    },
    { requiredKeys: ['type'] },
  )
  .map(asObject);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddLine), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line, and no two events share a key', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddLine.filter(isNoStart)), { maxLength: 8 }), (records) => {
        const events = adaptAll(records);
        const lines = new Set(events.map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
        expect(new Set(events.map((event) => event.key)).size).toBe(events.length);
      }),
      { numRuns: 300 },
    );
  });
});

test('any settings give one event', () => {
  const settings = fc
    .record({ tokenUsage: fc.oneof(oddUsage(), json), model: json, providerLockTimestamp: fc.oneof(time, json) })
    .map(asObject);
  fc.assert(
    fc.property(fc.oneof(settings, json), (value) => {
      expect(adaptAll([value], settingsHint)).toHaveLength(1);
    }),
    { numRuns: 400 },
  );
});

test('a longer copy of a source gives the events of the shorter one first', () => {
  const start = { type: 'session_start', id: 'fixed', cwd: '/home/ann/shop' };
  const first = {
    type: 'message',
    id: 'm0',
    timestamp: '2026-05-04T08:00:00.000Z',
    message: { role: 'user', content: 'hi' },
  };
  fc.assert(
    fc.property(fc.array(oddLine, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = adaptAll([start, first, ...records], hint);
      const prefix = adaptAll([start, first, ...records.slice(0, cut)], hint);
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

function isNoStart({ type }: JsonObject): boolean {
  return type !== 'session_start';
}

function oddMessage(): fc.Arbitrary<Json> {
  const block = fc.record(
    {
      type: fc.constantFrom('text', 'thinking', 'redacted_thinking', 'tool_use', 'tool_result', 'image', 'odd_type'),
      text: fc.oneof(fc.constantFrom('<system-reminder>a</system-reminder> b', '<tag> c'), json),
      id: json,
      name: json,
      input: json,
      tool_use_id: json,
      content: json,
      is_error: json,
    },
    { requiredKeys: ['type'] },
  );
  return fc
    .record(
      {
        role: fc.oneof(fc.constantFrom('user', 'assistant', 'system'), json),
        content: fc.oneof(fc.string(), fc.array(fc.oneof(block, json), { maxLength: 4 }), json),
        visibility: fc.oneof(fc.constantFrom('user_only', 'llm_only', 'both'), json),
        hookEventName: json,
      },
      { requiredKeys: ['role', 'content'] },
    )
    .map(toJson);
}

function oddUsage(): fc.Arbitrary<Json> {
  const names = ['inputTokens', 'outputTokens', 'cacheCreationTokens', 'cacheReadTokens', 'thinkingTokens'];
  return fc.dictionary(fc.constantFrom(...names), json).map(toJson);
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
