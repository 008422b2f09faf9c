import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { goose } from '../../../src/agents/goose/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, goose);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

const block = fc.record(
  {
    type: fc.oneof(
      fc.constantFrom(
        'text',
        'thinking',
        'toolRequest',
        'toolResponse',
        'image',
        'actionRequired',
        'systemNotification',
        'never',
      ),
      json,
    ),
    text: json,
    id: fc.oneof(fc.constantFrom('t1', 't2'), json),
    toolCall: fc.oneof(
      fc.record({ value: fc.record({ name: fc.constantFrom('shell', 'a__b'), arguments: json }) }),
      json,
    ),
    toolResult: fc.oneof(fc.record({ status: fc.constantFrom('success', 'error'), value: json }), json),
    data: json,
  },
  { requiredKeys: ['type'] },
);
const content = fc.oneof(fc.array(fc.oneof(block, json), { maxLength: 4 }), json);
const seconds = fc.oneof(fc.integer({ min: 1_781_000_000, max: 1_781_900_000 }), json);
const role = fc.oneof(fc.constantFrom('user', 'assistant'), json);

const line = fc.record({ id: json, role, created: seconds, content, metadata: json }, { requiredKeys: ['role'] });
const description = fc.record({ working_dir: fc.string(), description: json, accumulated_input_tokens: json });
const message = fc.record({
  id: json,
  message_id: fc.oneof(fc.constantFrom('msg_20260610_1_5', 'chatcmpl-1'), json),
  role,
  content_json: fc.oneof(
    content.map((value) => JSON.stringify(value)),
    json,
  ),
  created_timestamp: seconds,
  metadata_json: fc.oneof(fc.constantFrom('{"userVisible":false}', '{'), json),
});
const session = fc.dictionary(
  fc.constantFrom(
    'id',
    'name',
    'working_dir',
    'created_at',
    'model_config_json',
    'accumulated_output_tokens',
    'parent_session_id',
  ),
  json,
);
const ledger = fc.dictionary(
  fc.constantFrom('id', 'model', 'input_tokens', 'total_tokens', 'cost', 'created_timestamp'),
  json,
);

/** Rows and lines with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const oddRecord: fc.Arbitrary<JsonObject> = fc
  .oneof(
    line,
    description,
    fc.record({ table: fc.constant('messages'), row: fc.oneof(message, json) }),
    fc.record({ table: fc.constant('sessions'), row: fc.oneof(session, json) }),
    fc.record({ table: fc.constant('usage_ledger'), row: fc.oneof(ledger, json) }),
    fc.record({ table: json, row: json }),
  )
  .map(asObject);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddRecord), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddRecord), { maxLength: 8 }), (records) => {
        const lines = new Set(adaptAll(records).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });
});

const known = hintOf({ member: '20260610_1' });
const start = {
  table: 'sessions',
  row: { id: '20260610_1', working_dir: '/home/ann/shop', created_at: '2026-06-10 09:00:00' },
};

test('a session that grew gives the events of the earlier copy, but for its sums', () => {
  fc.assert(
    fc.property(fc.array(oddRecord, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = decidedAtOnce(adaptAll([start, ...records], known));
      const prefix = decidedAtOnce(adaptAll([start, ...records.slice(0, cut)], known));
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

test('a message has the same key before the database, imported, and taken over by another session', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('user', 'assistant'),
      fc.array(block, { maxLength: 3 }),
      fc.uuid(),
      (said, blocks, made) => {
        const created = 1_781_082_005;
        const native = '20260610_101500';
        const row = {
          message_id: `msg_${native}_${made}`,
          role: said,
          content_json: JSON.stringify(blocks),
          created_timestamp: created,
        };
        const before = adaptAll([asObject({ role: said, created, content: blocks })], hintOf({ sessionId: native }));
        const imported = adaptAll([{ table: 'messages', row }], hintOf({ member: native }));
        const taken = adaptAll([{ table: 'messages', row }], hintOf({ member: '20260611_4' }));
        expect(imported.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
        expect(taken.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
        expect(taken.every(({ copied }) => copied)).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

test('sessions of the same number on two machines are two', () => {
  const on = (created: string): string | undefined =>
    adaptAll([{ table: 'sessions', row: { ...start.row, created_at: created } }], known)[0]?.sessionId;
  expect(on('2026-06-10 09:00:00')).toBe(on('2026-06-10T09:00:00Z'));
  expect(on('2026-06-10 09:00:00')).not.toBe(on('2026-06-10 09:00:01'));
  expect(on('2026-06-10 09:00:00')).toMatch(/^20260610_1-[0-9a-f]{8}$/);
});

function decidedAtOnce(events: readonly AgentEvent[]): AgentEvent[] {
  return events.filter((event) => !(event.kind === 'usage' && event.grain === 'session'));
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
