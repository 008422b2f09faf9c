import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geminiCli } from '../../../src/agents/gemini-cli/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { isObject, type Json } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, geminiCli);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);
const moment = fc.constantFrom('2026-05-04T09:00:00.000Z', '2026-05-04T09:10:00.000Z', '2026-05-04T08:00:00.000Z');

const toolCall = fc.record(
  {
    id: fc.oneof(fc.constantFrom('glob-1', 'run_shell_command-1'), json),
    name: fc.oneof(fc.constantFrom('glob', 'run_shell_command'), json),
    args: json,
    status: fc.oneof(fc.constantFrom('success', 'error', 'cancelled', 'executing'), json),
    timestamp: fc.oneof(moment, json),
    result: fc.oneof(json, fc.array(fc.record({ functionResponse: fc.record({ response: json }) }))),
    resultDisplay: json,
  },
  { requiredKeys: [] },
);

/** Messages with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const message = fc.record(
  {
    id: fc.oneof(fc.constantFrom('m1', 'm2', 'm3'), json),
    type: fc.oneof(fc.constantFrom('user', 'gemini', 'info', 'error', 'warning', 'never-seen'), json),
    timestamp: fc.oneof(moment, json),
    content: fc.oneof(
      fc.string(),
      json,
      fc.array(fc.oneof(json, fc.record({ text: json }), fc.record({ functionResponse: json }))),
    ),
    displayContent: json,
    model: json,
    thoughts: fc.oneof(json, fc.array(fc.record({ subject: json, description: json, timestamp: json }))),
    tokens: fc.oneof(json, fc.dictionary(fc.constantFrom('input', 'output', 'cached', 'thoughts', 'total'), json)),
    toolCalls: fc.oneof(json, fc.array(fc.oneof(json, toolCall), { maxLength: 3 })),
  },
  { requiredKeys: ['id'] },
);

const header = fc.record(
  { sessionId: json, projectHash: json, startTime: fc.oneof(moment, json), kind: json, summary: json },
  { requiredKeys: ['sessionId'] },
);
const update = fc.record({
  $set: fc.oneof(json, fc.record({ lastUpdated: json }), fc.record({ messages: fc.oneof(json, fc.array(message)) })),
});
const rewind = fc.record({ $rewindTo: json });
const oddRecord: fc.Arbitrary<Json> = fc
  .oneof(json, message, header, update, rewind, fc.record({ messages: fc.array(message) }))
  .map(toJson);

const start = { sessionId: 's', projectHash: 'h', startTime: '2026-05-04T07:00:00.000Z' };

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(oddRecord, (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 600 },
    );
  });

  test('of a whole source has an event that bears its line, where no message is written twice', () => {
    const line = fc
      .oneof(json, message, header, fc.record({ $set: fc.record({ lastUpdated: json }) }), rewind)
      .map(toJson);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (records) => {
        const distinct = records.map((record, index) => withOwnId(record, index));
        const lines = new Set(adaptAll([start, ...distinct]).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual([start, ...distinct].map((_, index) => index + 1));
      }),
      { numRuns: 300 },
    );
  });

  test('gives events that all have keys of their own', () => {
    fc.assert(
      fc.property(fc.array(oddRecord, { maxLength: 8 }), (records) => {
        const keys = adaptAll([start, ...records]).map((event) => event.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 300 },
    );
  });
});

const numbered = fc
  .array(message.map(toJson), { maxLength: 8 })
  .map((messages) => messages.map((value, index) => ({ ...(isObject(value) ? value : {}), id: `m${index}` })));

test('a longer copy of a log begins with the events of the shorter one, as long as no message is written again', () => {
  fc.assert(
    fc.property(numbered, fc.nat(8), (messages, cut) => {
      const whole = adaptAll([start, ...messages]);
      const prefix = adaptAll([start, ...messages.slice(0, cut)]);
      expect(whole.slice(0, prefix.length)).toEqual(prefix);
    }),
    { numRuns: 300 },
  );
});

test('a message that is written again as it was changes nothing but its line', () => {
  fc.assert(
    fc.property(numbered, (messages) => {
      expect(adaptAll([start, ...messages, ...messages]).map(placeless)).toEqual(
        adaptAll([start, ...messages]).map(placeless),
      );
    }),
    { numRuns: 300 },
  );
});

test('a document gives the events of the log with the same messages', () => {
  fc.assert(
    fc.property(numbered, (messages) => {
      expect(adaptAll([{ ...start, messages }]).map(placeless)).toEqual(adaptAll([start, ...messages]).map(placeless));
    }),
    { numRuns: 300 },
  );
});

test('a rewind drops nothing', () => {
  fc.assert(
    fc.property(numbered, fc.constantFrom('m0', 'm3', 'other'), (messages, target) => {
      const rewound = adaptAll([start, ...messages, { $rewindTo: target }]);
      expect(rewound.slice(0, -1)).toEqual(adaptAll([start, ...messages]));
    }),
    { numRuns: 100 },
  );
});

function placeless({ line: _line, offset: _offset, ...event }: AgentEvent): unknown {
  return event;
}

function withOwnId(record: Json, index: number): Json {
  return isObject(record) && record['id'] !== undefined ? { ...record, id: `m${index}` } : record;
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
