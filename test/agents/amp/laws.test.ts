import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { amp } from '../../../src/agents/amp/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, amp);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map(toJson);

const run = odd({
  status: fc.constantFrom('done', 'error', 'cancelled', 'rejected-by-user', 'in-progress', 'never-seen'),
  result: fc.oneof(fc.string(), odd({ output: fc.string(), exitCode: fc.integer() }), fc.array(json)),
  error: odd({ message: fc.string() }),
  reason: fc.string(),
});

const block = odd({
  type: fc.constantFrom('text', 'image', 'thinking', 'redacted_thinking', 'tool_use', 'tool_result', 'never-seen'),
  text: fc.constantFrom('', 'hello', '<context> hello'),
  thinking: fc.string(),
  id: fc.constantFrom('t1', 't2'),
  name: fc.constantFrom('Bash', 'Read', 'mcp__a__b', 'never-seen'),
  input: odd({ cmd: fc.string(), path: fc.string() }),
  toolUseID: fc.constantFrom('t1', 't2'),
  run,
});

const usage = odd({
  model: fc.constantFrom('gpt-5', 'claude-sonnet-4-5'),
  inputTokens: fc.nat(9),
  outputTokens: fc.nat(9),
  cacheCreationInputTokens: fc.nat(9),
  cacheReadInputTokens: fc.nat(9),
  timestamp: fc.constant('2026-05-04T09:00:00.000Z'),
});

const message = odd({
  messageId: fc.nat(4),
  role: fc.constantFrom('user', 'assistant', 'never-seen'),
  content: fc.array(fc.oneof(block, json), { maxLength: 4 }),
  meta: odd({ sentAt: fc.integer({ min: 1_777_885_200_000, max: 1_777_885_200_050 }) }),
  state: odd({ type: fc.constantFrom('complete', 'cancelled', 'error'), error: odd({ message: fc.string() }) }),
  usage,
});

const ledger = odd({
  events: fc.array(
    fc.oneof(
      odd({
        id: fc.constantFrom('l1', 'l2'),
        toMessageId: fc.nat(4),
        model: fc.constantFrom('gpt-5', 'claude-sonnet-4-5'),
        tokens: odd({ input: fc.nat(9), output: fc.nat(9) }),
        timestamp: fc.integer(),
      }),
      json,
    ),
    { maxLength: 3 },
  ),
});

const environment = odd({ initial: odd({ trees: fc.array(odd({ uri: fc.string() })), platform: json }) });

function threadOf(messages: readonly Json[], usageLedger: Json, env: Json): Json {
  return { v: 1, id: 'T-1', created: 1_777_885_200_000, env, messages, usageLedger };
}

describe('any document', () => {
  test('gives at least one event and never throws', () => {
    const document = odd({ id: json, created: json, title: json, messages: fc.array(json), usageLedger: ledger });
    fc.assert(
      fc.property(fc.oneof(json, document), (value) => {
        expect(adaptAll([value]).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('has an event of its own for each message, at the place of its record', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(message, json), { maxLength: 5 }), environment, (messages, env) => {
        const events = adaptAll([threadOf(messages, null, env)]);
        expect(events.length).toBeGreaterThan(messages.length);
        expect(new Set(events.map(({ line, offset }) => `${line}:${offset}`))).toEqual(new Set(['1:0']));
      }),
      { numRuns: 500 },
    );
  });

  test('gives one usage event for a response that message and ledger tell', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), ledger, (messages, usageLedger) => {
        const keys = adaptAll([threadOf(messages, usageLedger, null)])
          .filter(({ kind }) => kind === 'usage')
          .map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 500 },
    );
  });
});

test('a thread that has gone on gives the events of the shorter one first', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(message, json), { maxLength: 6 }), fc.nat(6), (messages, cut) => {
      const whole = adaptAll([threadOf(messages, null, null)], hintOf({}));
      const start = adaptAll([threadOf(messages.slice(0, cut), null, null)], hintOf({}));
      expect(whole.slice(0, start.length)).toEqual(start);
    }),
    { numRuns: 300 },
  );
});

/** An object with some of the fields, each either as it should be or anything. */
function odd(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> {
  const loose = Object.entries(fields).map(
    ([name, arbitrary]) => [name, fc.oneof({ weight: 5, arbitrary }, json)] as const,
  );
  return fc.record(Object.fromEntries(loose), { requiredKeys: [] }).map(toJson);
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
