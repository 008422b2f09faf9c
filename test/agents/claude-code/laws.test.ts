import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { hintOf } from '../../../src/agents/agent.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, claudeCode);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

const types = [
  'user',
  'assistant',
  'system',
  'attachment',
  'progress',
  'queue-operation',
  'summary',
  'mode',
  'file-history-snapshot',
  'compact_boundary',
  'never-seen',
];

const blockFields = [
  'text',
  'id',
  'name',
  'input',
  'tool_use_id',
  'content',
  'is_error',
  'thinking',
  'message',
  'agentId',
  'output',
  'elapsedTimeSeconds',
  'prompt',
  'commandMode',
  'origin',
  'stdout',
];

/** Records with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const oddRecord: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.constantFrom(...types),
      uuid: fc.oneof(fc.uuid(), json),
      parentUuid: json,
      timestamp: fc.oneof(fc.constant('2026-05-04T09:00:00.000Z'), json),
      sessionId: fc.oneof(fc.constant('s'), json),
      isSidechain: fc.oneof(fc.boolean(), json),
      subtype: fc.oneof(fc.constantFrom('turn_duration', 'api_error', 'stop_hook_summary', 'compact_boundary'), json),
      message: fc.oneof(oddMessage(), json),
      toolUseResult: json,
      data: fc.oneof(odd(['bash_progress', 'agent_progress', 'hook_progress']), json),
      attachment: fc.oneof(odd(['queued_command', 'hook_success', 'file']), json),
      operation: fc.oneof(fc.constantFrom('enqueue', 'remove', 'popAll'), json),
      content: json,
      snapshot: json,
      compactMetadata: json,
      leafUuid: json,
      forkedFrom: json,
      error: json,
      hookErrors: json,
    },
    { requiredKeys: ['type'] },
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

  test('means the same in any order of its keys', () => {
    fc.assert(
      fc.property(fc.array(oddRecord, { maxLength: 5 }), (records) => {
        expect(meaning(records.map(reversed))).toEqual(meaning(records));
      }),
      { numRuns: 300 },
    );
  });
});

test('a longer copy of a source gives the events of the shorter one, but for what only the end decides', () => {
  const hint = hintOf({ sessionId: 'fixed' });
  const start = { type: 'user', timestamp: '2026-05-04T08:00:00.000Z', message: { content: 'start' } };
  fc.assert(
    fc.property(fc.array(oddRecord, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      const whole = decidedAtOnce(adaptAll([start, ...records], hint));
      const prefix = decidedAtOnce(adaptAll([start, ...records.slice(0, cut)], hint));
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

test('a copy under another session id has the same keys, but for lines that say nothing of their own', () => {
  const record = fc.tuple(oddRecord, fc.uuid()).map(([odd, uuid]) => ({ ...odd, uuid, forkedFrom: null }));
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      const copy = records.map((value) => ({ ...value, sessionId: 'copy' }));
      expect(adaptAll(copy).map((event) => event.key)).toEqual(adaptAll(records).map((event) => event.key));
    }),
    { numRuns: 300 },
  );
});

function decidedAtOnce(events: ReturnType<typeof adaptAll>): unknown[] {
  return events.filter((event) => event.kind !== 'usage' && !['queue-operation', 'summary'].includes(event.recordType));
}

/** Texts of unknown records repeat the record as it is written, so they are compared as values. */
function meaning(records: readonly Json[]): unknown[] {
  return adaptAll(records).map((event) => ({
    ...event,
    text: event.kind === 'unknown' && event.text !== null ? JSON.parse(event.text) : event.text,
  }));
}

function reversed(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record)
      .toReversed()
      .map(([key, value]) => [key, isObject(value) ? reversed(value) : value]),
  );
}

function oddMessage(): fc.Arbitrary<Json> {
  const block = odd(['text', 'tool_use', 'tool_result', 'thinking', 'image', 'web_search_tool_result', 'never-seen']);
  const usage = fc.dictionary(fc.constantFrom('input_tokens', 'output_tokens', 'cache_creation', 'speed'), json);
  return fc
    .record({
      id: fc.oneof(fc.constantFrom('msg_01AbCdEfGhIjKlMnOpQrSt', 'x'), json),
      model: json,
      content: fc.oneof(fc.string(), fc.array(fc.oneof(block, json), { maxLength: 4 }), json),
      usage: fc.oneof(usage, json),
    })
    .map(toJson);
}

/** An object of one of the known types with anything in its fields. */
function odd(known: readonly string[]): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.constantFrom(...known), fc.dictionary(fc.constantFrom(...blockFields), json))
    .map(([type, fields]) => toJson({ ...fields, type }));
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
