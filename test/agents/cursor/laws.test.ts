import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { cursor } from '../../../src/agents/cursor/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, cursor);
const hint = hintOf({ sessionId: 'fixed', threadId: 'main' });

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

/** Lines with Cursor's field names and anything as values: where a parser that trusts its input breaks. */
const oddLine: fc.Arbitrary<Json> = fc
  .record(
    {
      role: fc.oneof(fc.constantFrom('user', 'assistant'), json),
      message: fc.oneof(
        fc.record({ content: fc.oneof(fc.string(), fc.array(fc.oneof(oddBlock(), json), { maxLength: 4 })) }),
        json,
      ),
      type: fc.oneof(fc.constant('turn_ended'), json),
      status: json,
    },
    { requiredKeys: ['role', 'message'] },
  )
  .map(toJson);

describe('any record', () => {
  test('gives at least one event, never throws, and invents no time', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddLine), (record) => {
        const events = adaptAll([record]);
        expect(events.length).toBeGreaterThan(0);
        expect(events.every((event) => event.ts === null && event.tsSource === null)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line, and no two events share a key', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddLine), { maxLength: 8 }), (records) => {
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
  fc.assert(
    fc.property(fc.array(oddLine, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = adaptAll(records, hint);
      const prefix = adaptAll(records.slice(0, cut), hint);
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

function oddBlock(): fc.Arbitrary<Json> {
  return fc
    .record(
      {
        type: fc.constantFrom('text', 'tool_use', 'image', 'odd_type'),
        text: fc.oneof(fc.constantFrom('<user_query>a</user_query>', '<user_info>b</user_info>'), json),
        id: json,
        name: json,
        input: json,
      },
      { requiredKeys: ['type'] },
    )
    .map(toJson);
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
