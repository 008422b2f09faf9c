import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { opencode } from '../../../src/agents/opencode/index.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, opencode);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map(toJson);
const moment = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1_777_885_200_000, max: 1_777_885_200_050 }) }, json);
const id = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('msg_1', 'msg_2', 'msg_3') }, json);

const tokens = odd({
  input: fc.nat(9),
  output: fc.nat(9),
  reasoning: fc.nat(9),
  total: fc.nat(9),
  cache: odd({ read: fc.nat(9) }),
});
const time = odd({ created: moment, completed: moment, start: moment, end: moment, ran: moment });

const state = odd({
  status: fc.constantFrom('pending', 'running', 'completed', 'error', 'streaming'),
  input: odd({ command: fc.string(), filePath: fc.string(), patchText: fc.string() }),
  output: fc.string(),
  error: fc.string(),
  content: fc.array(odd({ type: fc.constant('text'), text: fc.string() }), { maxLength: 2 }),
  metadata: odd({ exit: fc.integer(), interrupted: fc.boolean() }),
  structured: json,
  time,
});

const part = odd({
  type: fc.constantFrom(
    'text',
    'reasoning',
    'tool',
    'step-start',
    'step-finish',
    'file',
    'agent',
    'subtask',
    'patch',
    'snapshot',
    'retry',
    'compaction',
    'never-seen',
  ),
  text: fc.constantFrom('', 'hello', 'The following tool was executed by the user'),
  synthetic: fc.boolean(),
  ignored: fc.boolean(),
  callID: fc.constantFrom('c1', 'c2'),
  tool: fc.constantFrom('bash', 'edit', 'invalid', 'a_b', 'task'),
  state,
  tokens,
  cost: fc.float(),
  files: json,
  error: json,
  time,
});

const info = odd({
  id,
  sessionID: fc.constant('ses_1'),
  role: fc.constantFrom('user', 'assistant', 'never-seen'),
  time,
  modelID: fc.constant('m'),
  providerID: fc.constant('p'),
  tokens,
  cost: fc.float(),
  error: odd({ name: fc.constantFrom('MessageAbortedError', 'APIError'), data: odd({ message: fc.string() }) }),
  summary: fc.boolean(),
  path: odd({ cwd: fc.string() }),
});

const second = odd({
  text: fc.string(),
  content: fc.array(
    fc.oneof(odd({ type: fc.constantFrom('text', 'tool', 'reasoning'), name: fc.string(), state, time }), json),
  ),
  model: odd({ id: fc.string() }),
  files: json,
  agents: json,
  retry: json,
  summary: fc.string(),
  output: json,
  tokens,
  error: json,
  time,
});

const sessionFields = {
  id: fc.constantFrom('ses_1', 'ses_2'),
  parentID: json,
  parent_id: json,
  fork_session_id: json,
  title: fc.constantFrom('Shop', 'Shop (fork #1)', 'New session - 2026-05-04T09:00:00.000Z'),
  directory: fc.string(),
  version: fc.constantFrom('1.2.0', '1.5.0'),
  revert: json,
  time_created: moment,
  time,
};

/** Records with the agent's field names and anything as values: where a reader that trusts its input breaks. */
const record: fc.Arbitrary<Json> = fc.oneof(
  json,
  row('session', sessionFields),
  row('message', { id, time_created: moment, data: asText(info) }),
  row('part', { id: fc.string(), message_id: id, data: asText(part) }),
  row('session_message', {
    id,
    type: fc.constantFrom('user', 'synthetic', 'system', 'shell', 'skill', 'assistant', 'compaction', 'idle', 'x'),
    time_created: moment,
    data: asText(second),
  }),
  file('session/p/ses_1.json', odd(sessionFields)),
  file('message/ses_1/msg_1.json', info),
  file('part/msg_1/prt_1.json', part),
  odd({
    info: odd(sessionFields),
    messages: fc.array(odd({ info, parts: fc.array(part, { maxLength: 4 }) }), { maxLength: 4 }),
  }),
);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(adaptAll([value]).length).toBeGreaterThan(0);
      }),
      { numRuns: 800 },
    );
  });

  test('of a whole source has an event that bears its line, and no key comes twice', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (values) => {
        const events = adaptAll(values);
        const lines = new Set(events.map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
        expect(new Set(events.map((event) => event.key)).size).toBe(events.length);
      }),
      { numRuns: 400 },
    );
  });

  test('counts no reasoning beyond the output', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (values) => {
        for (const event of adaptAll(values)) {
          if (event.kind !== 'usage' || event.outputTokens === null) continue;
          expect(event.outputTokens).toBeGreaterThanOrEqual(event.reasoningTokens ?? 0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a longer copy of a session has the events of the shorter one', () => {
  const message = fc.record({
    kind: fc.constantFrom('user', 'assistant'),
    parts: fc.array(
      fc.constantFrom<JsonObject>(
        { type: 'text', text: 'x' },
        { type: 'step-start' },
        { type: 'tool', callID: 'c', tool: 'bash' },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.nat(6), (messages, cut) => {
      const whole = messages.map(({ kind, parts }, index) => ({
        info: { id: `msg_${index}`, role: kind, time: { created: 1_777_885_200_000 + index } },
        parts,
      }));
      const keysOf = (count: number): string[] => {
        const document = {
          info: { id: 'ses_1', time: { created: 1_777_885_200_000 } },
          messages: whole.slice(0, count),
        };
        return adaptAll([document], hintOf({ form: 'document' })).map((event) => event.key);
      };
      const shorter = keysOf(cut);
      expect(keysOf(whole.length).slice(0, shorter.length)).toEqual(shorter);
    }),
    { numRuns: 200 },
  );
});

test('a fork has the keys of its origin, whatever its ids are', () => {
  fc.assert(
    fc.property(fc.array(fc.array(part, { maxLength: 3 }), { maxLength: 4 }), (lists) => {
      const copy = (prefix: string): Json => ({
        info: { id: `${prefix}ses`, time: { created: 1_777_885_200_000 } },
        messages: lists.map((parts, index) => ({
          info: {
            id: `${prefix}${index}`,
            role: index % 2 === 0 ? 'user' : 'assistant',
            time: { created: 1_777_885_200_000 + index },
          },
          parts: parts.map((value) => (isObject(value) ? { ...value, id: `${prefix}p` } : value)),
        })),
      });
      const keysOf = (prefix: string): string[] =>
        adaptAll([copy(prefix)])
          .filter((event) => event.recordType !== 'session')
          .map((event) => event.key);
      expect(keysOf('b')).toEqual(keysOf('a'));
    }),
    { numRuns: 200 },
  );
});

/** An object with the known fields, each missing, as it should be, or anything at all. */
function odd(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> {
  const loose = Object.entries(fields).map(
    ([name, value]) => [name, fc.oneof({ weight: 4, arbitrary: value }, json)] as const,
  );
  return fc.record(Object.fromEntries(loose), { requiredKeys: [] }).map(toJson);
}

function row(table: string, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> {
  return odd(fields).map((value) => ({ table, row: value }));
}

function file(name: string, value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return value.map((read) => ({ file: name, value: read }));
}

function asText(value: fc.Arbitrary<Json>): fc.Arbitrary<string> {
  return value.map((read) => JSON.stringify(read));
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}

test('a row of a table without a name is an unknown record with a type', () => {
  const events = adaptAll([{ table: '', row: {} }], hintOf({ sessionId: 's', member: 's' }));
  expect(events.map(({ kind, recordType }) => [kind, recordType])).toEqual([['unknown', 'unknown']]);
});
