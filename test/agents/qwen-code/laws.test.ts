import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { qwenCode } from '../../../src/agents/qwen-code/index.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, qwenCode);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

const call = fc.record(
  {
    id: fc.oneof(fc.constantFrom('call_0', 'call_1'), json),
    name: fc.oneof(fc.constantFrom('glob', 'run_shell_command'), json),
    args: json,
  },
  { requiredKeys: [] },
);
const response = fc.record({ id: fc.oneof(fc.constantFrom('call_0', 'call_1'), json), name: json, response: json });
const part = fc.oneof(
  json,
  fc.record({ text: fc.oneof(fc.string(), json), thought: json }, { requiredKeys: ['text'] }),
  fc.record({ functionCall: fc.oneof(call, json) }),
  fc.record({ functionResponse: fc.oneof(response, json) }),
);

const subtypes = [
  'ui_telemetry',
  'chat_compression',
  'slash_command',
  'custom_title',
  'turn_result',
  'parent_session',
  'session_source',
  'rewind',
  'at_command',
  'never-seen',
];
const payloadFields = [
  'uiEvent',
  'compressedHistory',
  'rawCommand',
  'phase',
  'sentToModel',
  'customTitle',
  'state',
  'parentSessionId',
  'displayText',
];

/** Lines with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const oddLine: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      uuid: fc.oneof(fc.uuid(), json),
      parentUuid: json,
      sessionId: fc.oneof(fc.constant('s'), json),
      timestamp: fc.oneof(fc.constant('2026-06-01T08:00:00.000Z'), json),
      type: fc.oneof(fc.constantFrom('user', 'assistant', 'tool_result', 'system', 'never-seen'), json),
      subtype: fc.oneof(fc.constantFrom(...subtypes), json),
      message: fc.oneof(json, fc.record({ parts: fc.oneof(json, fc.array(part, { maxLength: 4 })) })),
      systemPayload: fc.oneof(
        json,
        fc.dictionary(fc.constantFrom(...payloadFields), json),
        fc.record({ uiEvent: fc.dictionary(fc.constantFrom('event.name', 'function_name', 'duration_ms'), json) }),
      ),
      usageMetadata: fc.oneof(json, fc.dictionary(fc.constantFrom('promptTokenCount', 'candidatesTokenCount'), json)),
      toolCallResult: fc.oneof(json, fc.record({ status: json, callId: json, durationMs: json, resultDisplay: json })),
      forkedFrom: fc.oneof(json, fc.record({ sessionId: json, messageUuid: json })),
      cwd: json,
      isSidechain: json,
      agentId: json,
    },
    { requiredKeys: ['type'] },
  )
  .map((value) => {
    const read = toJson(value);
    return isObject(read) ? read : {};
  });

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddLine), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 800 },
    );
  });

  test('of a whole source has an event that bears its line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddLine), { maxLength: 8 }), (records) => {
        const lines = new Set(adaptAll(records).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });
});

const start = {
  uuid: 'start',
  sessionId: 's',
  type: 'user',
  timestamp: '2026-06-01T07:00:00.000Z',
  message: { parts: ['hi'] },
};

test('a longer copy of a source begins with the events of the shorter one', () => {
  fc.assert(
    fc.property(fc.array(oddLine, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = adaptAll([start, ...records], hintOf({ sessionId: 's' }));
      const prefix = adaptAll([start, ...records.slice(0, cut)], hintOf({ sessionId: 's' }));
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

test('a branch of a session has the keys of the original, and its events are copies', () => {
  const record = fc.tuple(oddLine, fc.uuid()).map(([odd, uuid]): JsonObject => ({ ...odd, uuid, forkedFrom: null }));
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      const branch = records.map((value) => ({
        ...value,
        sessionId: 'branch',
        forkedFrom: { sessionId: 's', messageUuid: value['uuid'] ?? null },
      }));
      const copies = adaptAll(branch).filter((event) => !event.key.startsWith('branch:forked-from:'));
      expect(copies.map((event) => event.key)).toEqual(adaptAll(records).map((event) => event.key));
      expect(copies.every((event) => event.copied)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
