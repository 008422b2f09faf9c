import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { pi } from '../../../src/agents/pi/index.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, pi);
const hint = hintOf({ sessionId: 'fixed' });

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);
const time = fc
  .integer({ min: 0, max: 59 })
  .map((second) => `2026-05-04T09:00:${String(second).padStart(2, '0')}.000Z`);

const types = [
  'session',
  'message',
  'model_change',
  'thinking_level_change',
  'compaction',
  'branch_summary',
  'custom',
  'custom_message',
  'label',
  'session_info',
  'never_seen',
];
const roles = ['user', 'assistant', 'toolResult', 'bashExecution', 'custom', 'compactionSummary', 'never_seen'];

/** Entries with pi's field names and anything as values: where a parser that trusts its input breaks. */
const oddEntry: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: json }),
      id: fc.oneof(fc.constantFrom('0000000a', '0000000b'), json),
      parentId: json,
      timestamp: fc.oneof(time, json),
      message: fc.oneof(oddMessage(), json),
      provider: json,
      modelId: json,
      thinkingLevel: json,
      summary: json,
      tokensBefore: json,
      usage: fc.oneof(oddUsage(), json),
      content: json,
      customType: json,
      name: json,
      label: json,
      cwd: json,
      parentSession: json,
      version: json,
    },
    { requiredKeys: ['type'] },
  )
  .map(asObject);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddEntry), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line, and no two events share a key', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, messageEntry()), { maxLength: 8 }), (records) => {
        const events = adaptAll(records);
        const lines = new Set(events.map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
        expect(new Set(events.map((event) => event.key)).size).toBe(events.length);
      }),
      { numRuns: 300 },
    );
  });
});

test('a longer copy of a source gives the events of the shorter one first', () => {
  const start = {
    type: 'session',
    version: 3,
    id: 'fixed',
    timestamp: '2026-05-04T08:00:00.000Z',
    cwd: '/home/ann/shop',
  };
  fc.assert(
    fc.property(fc.array(oddEntry, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = adaptAll([start, ...records], hint);
      const prefix = adaptAll([start, ...records.slice(0, cut)], hint);
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

test('a fork has the keys of what it copies, whatever its own session line says', () => {
  fc.assert(
    fc.property(fc.array(messageEntry(), { maxLength: 6 }), (entries) => {
      const line = (id: string) => ({
        type: 'session',
        version: 3,
        id,
        timestamp: '2026-05-04T10:00:00.000Z',
        cwd: '/shop',
      });
      const keys = (session: string) =>
        adaptAll([line(session), ...entries])
          .filter((event) => event.line > 1)
          .map((event) => event.key);
      expect(keys('fork')).toEqual(keys('parent'));
    }),
    { numRuns: 200 },
  );
});

/** An entry as pi writes it, with an id and a time of its own. */
function messageEntry(): fc.Arbitrary<JsonObject> {
  return fc
    .record({
      type: fc.constant('message'),
      id: fc.uuid(),
      parentId: fc.uuid(),
      timestamp: time,
      message: oddMessage(),
    })
    .map(asObject);
}

function oddMessage(): fc.Arbitrary<Json> {
  const block = fc.record(
    {
      type: fc.constantFrom('text', 'thinking', 'toolCall', 'image', 'never_seen'),
      text: json,
      thinking: json,
      id: json,
      name: json,
      arguments: json,
    },
    { requiredKeys: ['type'] },
  );
  return fc
    .record({
      role: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...roles) }, { weight: 1, arbitrary: json }),
      content: fc.oneof(fc.string(), fc.array(fc.oneof(block, json), { maxLength: 4 }), json),
      usage: fc.oneof(oddUsage(), json),
      stopReason: fc.oneof(fc.constantFrom('stop', 'aborted', 'error'), json),
      errorMessage: json,
      isError: fc.oneof(fc.boolean(), json),
      command: json,
      output: json,
      exitCode: json,
      timestamp: json,
    })
    .map(toJson);
}

function oddUsage(): fc.Arbitrary<Json> {
  return fc
    .dictionary(
      fc.constantFrom('input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'reasoning', 'cost'),
      json,
    )
    .map(toJson);
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
