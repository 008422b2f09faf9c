import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { gptme } from '../../../src/agents/gptme/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, gptme);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);

const texts = fc.constantFrom(
  '',
  '/help',
  'hello',
  '<think>\nx\n</think>\n```shell\nls\n```',
  '```save a\n```b\n```\n```',
  '````\n```shell\n````',
  '```shell',
  '@shell(1): {"command": "ls"}',
  '@shell(1): {"a\\',
  '<tool-use><shell>ls</shell></tool-use>',
  '<tool-use><a><b></a></tool-use>',
  '<function_calls><invoke><parameter></parameter></invoke></function_calls>',
  'Ran command: `ls`\n\nReturn code: 1',
  'Interrupted by user',
  'x ^C Interrupted',
  '🔄 Auto-compacted conversation',
);

/** Messages with the agent's field names and anything as values. */
const oddMessage = fc
  .record(
    {
      role: fc.oneof(fc.constantFrom('system', 'user', 'assistant'), json),
      content: fc.oneof({ weight: 4, arbitrary: texts }, fc.string(), json),
      timestamp: fc.oneof(fc.constantFrom('2026-05-04T09:00:00.5', '2026-05-04T09:00:00+02:00'), json),
      call_id: fc.oneof(fc.constant('1'), json),
      pinned: fc.oneof(fc.boolean(), json),
      metadata: fc.oneof(
        fc.dictionary(fc.constantFrom('model', 'usage', 'cost', 'timings', 'input_tokens', 'tool'), json),
        json,
      ),
    },
    { requiredKeys: ['role', 'content'] },
  )
  .map(toJson);

const records = fc.array(fc.oneof(json, oddMessage), { maxLength: 8 });

describe('any record', () => {
  test('has an event that bears its line, and never throws', () => {
    fc.assert(
      fc.property(records, (values) => {
        const lines = new Set(adaptAll(values).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
      }),
      { numRuns: 600 },
    );
  });

  test('of a branch has the key that it has in the conversation', () => {
    fc.assert(
      fc.property(records, (values) => {
        const own = adaptAll(values, hintOf({ sessionId: 's' }));
        const copies = adaptAll(values, hintOf({ sessionId: 's', replay: true }));
        expect(copies.map((event) => event.key)).toEqual(own.map((event) => event.key));
        expect(copies.every((event) => event.copied)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('is one event of its own: no key comes twice', () => {
    fc.assert(
      fc.property(records, (values) => {
        const keys = adaptAll(values).map((event) => event.key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 300 },
    );
  });

  test('that is a configuration gives one event', () => {
    fc.assert(
      fc.property(fc.oneof(json, fc.record({ text: fc.string() })), (value) => {
        expect(adaptAll([value], hintOf({ sessionId: 's', form: 'text' }))).toHaveLength(1);
      }),
    );
  });
});

test('a longer copy of a conversation gives the events of the shorter one', () => {
  const start = { role: 'user', content: 'start', timestamp: '2026-05-04T08:00:00' };
  fc.assert(
    fc.property(records, fc.nat(8), (values, cut) => {
      const hint = hintOf({ sessionId: 's' });
      const shorter = adaptAll([start, ...values.slice(0, cut)], hint);
      expect(adaptAll([start, ...values], hint).slice(0, shorter.length)).toEqual(shorter);
    }),
    { numRuns: 300 },
  );
});

test('naive times are read in the zone of the hint', () => {
  const message = { role: 'user', content: 'hi', timestamp: '2026-07-04T11:00:00' };
  const [event] = adaptAll([message], hintOf({ zone: 'Europe/Berlin' }));
  expect(event?.ts).toBe(Date.parse('2026-07-04T09:00:00Z') * 1000);
});

test('hostile texts are read in time that grows with their length', () => {
  const hostile = ['<tool-use>', '<a>', '```shell\n', '@shell(1): {', '@a(b): {"'].map((part) => part.repeat(40_000));
  const begin = performance.now();
  for (const content of hostile) adaptAll([{ role: 'assistant', content, timestamp: '2026-07-04T11:00:00' }]);
  expect(performance.now() - begin).toBeLessThan(5000);
});

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
