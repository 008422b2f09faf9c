import { expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { hintOf } from '../../../src/agents/agent.ts';
import { adaptAll as adaptWith, recordsOf } from '../cases.ts';

const adapt = await claudeCode.loadAdapter();

const adaptAll = adaptWith.bind(null, claudeCode);

const time = '2026-05-04T09:00:00.000Z';

test('nothing comes of an empty source', () => {
  expect(adaptAll([])).toEqual([]);
});

test('the first session id of the source holds for all its lines, also for those before it', () => {
  const events = adaptAll([
    { type: 'summary', summary: 'x', leafUuid: 'l' },
    { type: 'user', uuid: 'u1', sessionId: 'first', timestamp: time, message: { content: 'a' } },
    { type: 'user', uuid: 'u2', sessionId: 'second', timestamp: time, message: { content: 'b' } },
  ]);
  expect(events.map((event) => event.sessionId)).toEqual(['first', 'first', 'first']);
});

test('the session of the path wins over the lines', () => {
  const records = [{ type: 'user', uuid: 'u1', sessionId: 'line', timestamp: time, message: { content: 'a' } }];
  expect(adaptAll(records, hintOf({ sessionId: 'path' })).map((event) => event.sessionId)).toEqual(['path']);
});

test('a source that names no session gets an id of its content, the same in every copy', () => {
  const records = [{ type: 'summary', summary: 'x', leafUuid: 'l' }];
  const [event] = adaptAll(records);
  expect(event?.sessionId).toMatch(/^unidentified-[0-9a-f]{8}$/);
  expect(adaptAll(records)).toEqual([event]);
  expect(adaptAll([{ type: 'summary', summary: 'y', leafUuid: 'l' }])[0]?.sessionId).not.toBe(event?.sessionId);
});

test('lines before the first time take the first time, and a source without any time has none', () => {
  const mode = { type: 'mode', mode: 'plan', sessionId: 's' };
  const user = { type: 'user', uuid: 'u', sessionId: 's', timestamp: time, message: { content: 'a' } };
  const times = (records: Parameters<typeof adaptAll>[0]): unknown[] =>
    adaptAll(records).map((event) => [event.ts, event.tsSource]);
  const micros = Date.UTC(2026, 4, 4, 9) * 1000;
  expect(times([mode, user])).toEqual([
    [micros, 'neighbour'],
    [micros, 'event'],
  ]);
  expect(times([mode])).toEqual([[null, null]]);
});

test('what the reader says about a record is said of all its events', () => {
  const value = {
    type: 'assistant',
    uuid: 'u',
    sessionId: 's',
    timestamp: time,
    message: { content: [{ type: 'text', text: 'a' }], usage: { input_tokens: 1 } },
  };
  const events = [...adapt([{ line: 3, offset: 70, value, flags: ['salvaged'] }], hintOf({}))];
  expect(events.map(({ kind, line, offset, flags }) => ({ kind, line, offset, flags }))).toEqual([
    { kind: 'reply', line: 3, offset: 70, flags: ['salvaged'] },
    { kind: 'usage', line: 3, offset: 70, flags: ['salvaged', 'no_response_id'] },
  ]);
});

test('the main file and the file of its sub-agent give one usage key, and the sub-agent wins', () => {
  const message = { id: 'msg_01AbCdEfGhIjKlMnOpQrSt', model: 'm', content: [], usage: { output_tokens: 2 } };
  const common = { sessionId: 's', timestamp: time };
  const report = { type: 'agent_progress', agentId: 'a1', message: { type: 'assistant', message } };
  const [, embedded] = adaptAll([{ ...common, type: 'progress', uuid: 'p', parentToolUseID: 't', data: report }]);
  const own = adaptAll([{ ...common, type: 'assistant', uuid: 'q', message, isSidechain: true, agentId: 'a1' }]);
  const facts = (event: (typeof own)[number] | undefined): unknown => [event?.key, event?.threadId, event?.copied];
  expect(facts(embedded)).toEqual(['usage:msg_01AbCdEfGhIjKlMnOpQrSt', 'a1', true]);
  expect(facts(own.at(-1))).toEqual(['usage:msg_01AbCdEfGhIjKlMnOpQrSt', 'a1', false]);
});

test('records are read one at a time once session and time are known', () => {
  let read = 0;
  function* counted(): Generator<ReturnType<typeof recordsOf>[number]> {
    const user = { type: 'user', sessionId: 's', timestamp: time, message: { content: 'a' } };
    for (const record of recordsOf(Array.from({ length: 5 }, (_, index) => ({ ...user, uuid: `u${index}` })))) {
      read += 1;
      yield record;
    }
  }
  const events = adapt(counted(), hintOf({}))[Symbol.iterator]();
  events.next();
  expect(read).toBe(1);
  events.next();
  expect(read).toBe(2);
});
