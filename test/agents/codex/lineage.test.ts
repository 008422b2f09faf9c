import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { codex } from '../../../src/agents/codex/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith, filesUnder, readSource } from '../cases.ts';

const adapt = await codex.loadAdapter();

const fixtures = path.resolve(import.meta.dirname, '../../../fixtures/codex');
const adaptAll = adaptWith.bind(null, codex);

/** The events of one fixture's files, file by file, in the order of their names: the oldest session first. */
function eventsOf(name: string): readonly (readonly AgentEvent[])[] {
  const input = path.join(fixtures, name, 'input');
  return filesUnder(input).map((file) => {
    const hint = codex.recognise(file) ?? hintOf({});
    return [...adapt(readSource(path.join(input, file), hint), hint)];
  });
}

/** One event a key: the original, else a copy. */
function counted(files: readonly (readonly AgentEvent[])[]): readonly AgentEvent[] {
  const byKey = new Map<string, AgentEvent>();
  for (const event of files.flat()) {
    const known = byKey.get(event.key);
    if (known === undefined || (known.copied && !event.copied)) byKey.set(event.key, event);
  }
  return [...byKey.values()];
}

interface Sums {
  readonly prompts: number;
  readonly calls: number;
  readonly responses: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

function sumsOf(events: readonly AgentEvent[]): Sums {
  const of = (kind: string): number => events.filter((event) => event.kind === kind).length;
  const usages = events.filter((event) => event.kind === 'usage');
  return {
    prompts: of('prompt'),
    calls: of('tool_call'),
    responses: usages.length,
    inputTokens: usages.reduce((sum, event) => sum + (event.inputTokens ?? 0), 0),
    outputTokens: usages.reduce((sum, event) => sum + (event.outputTokens ?? 0), 0),
  };
}

describe('history that several files share counts once', () => {
  const all: Sums = { prompts: 4, calls: 1, responses: 4, inputTokens: 3000, outputTokens: 140 };

  test('a session, its fork and the fork of that, in any order', () => {
    const files = eventsOf('forks');
    expect(files).toHaveLength(3);
    expect(sumsOf(counted(files))).toEqual(all);
    expect(sumsOf(counted(files.toReversed()))).toEqual(all);
  });

  test('a fork whose origin is missing: from the copy, and for the origin', () => {
    const [, , grandchild = []] = eventsOf('forks');
    expect(sumsOf(counted([grandchild]))).toEqual(all);
    const sessions = new Map<string, number>();
    for (const { kind, sessionId } of grandchild) {
      if (kind === 'usage') sessions.set(sessionId.slice(-1), (sessions.get(sessionId.slice(-1)) ?? 0) + 1);
    }
    expect([...sessions]).toEqual([
      ['1', 2],
      ['2', 1],
      ['3', 1],
    ]);
  });

  test('a fork without ids of turns', () => {
    const files = eventsOf('fork-without-turn-ids');
    const sums = { prompts: 2, calls: 0, responses: 2, inputTokens: 2000, outputTokens: 90 };
    expect(sumsOf(counted(files))).toEqual(sums);
    expect(sumsOf(counted(files.slice(1)))).toEqual(sums);
  });

  test('sub-agents, whose prompts are the parent agent', () => {
    const files = eventsOf('sub-agents');
    const sums = { prompts: 1, calls: 1, responses: 3, inputTokens: 3000, outputTokens: 140 };
    expect(sumsOf(counted(files))).toEqual(sums);
  });

  test('every copied event has the key and the session of the original', () => {
    for (const name of ['forks', 'fork-without-turn-ids', 'sub-agents']) {
      const files = eventsOf(name);
      const originals = new Map(files.flat().flatMap((event) => (event.copied ? [] : [[event.key, event] as const])));
      for (const copy of files.flat().filter(({ copied }) => copied)) {
        const { line, offset, ts, tsSource } = originals.get(copy.key) ?? copy;
        expect(originals.get(copy.key)).toEqual({ ...copy, copied: false, line, offset, ts, tsSource });
      }
    }
  });

  test('an archived copy of the beginning of a session', () => {
    const [archived = [], whole = []] = eventsOf('resumed-and-archived');
    const keys = new Set(whole.map(({ key }) => key));
    expect(archived.every(({ key }) => keys.has(key))).toBe(true);
  });
});

const parent = '0198a000-0000-4000-8000-00000000000a';
const child = '0198a000-0000-4000-8000-00000000000b';

function head(id: string, more: JsonObject = {}): JsonObject {
  return { id, timestamp: '2026-05-04T09:00:00.000Z', cwd: '/w', ...more };
}

function line(clock: string | null, type: string, payload: JsonObject): Json {
  return { timestamp: clock === null ? null : `2026-05-04T${clock}Z`, type, payload };
}

function said(role: string, text: string): JsonObject {
  return { type: 'message', role, content: [{ type: 'input_text', text }] };
}

/** What matters of where an event belongs: `<last sign of the session><c for a copy><u for uncertain>`. */
function owners(lines: readonly Json[]): readonly string[] {
  return adaptAll(lines).map(
    ({ sessionId, copied, flags }) =>
      `${sessionId.slice(-1)}${copied ? 'c' : ''}${flags.includes('uncertain_copy') ? 'u' : ''}`,
  );
}

describe('where a copy ends', () => {
  test('a fork that names its origin, with copied lines that have no head: theirs is a guess', () => {
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head(child, { forked_from_id: parent })),
        line('09:00:00.010', 'response_item', said('user', 'a')),
        line('09:00:00.020', 'response_item', said('assistant', 'b')),
        line('09:00:30.000', 'response_item', said('user', 'c')),
      ]),
    ).toEqual(['b', 'acu', 'acu', 'b']);
  });

  test('without times nothing tells, so all is kept and said to be uncertain', () => {
    expect(
      owners([
        line(null, 'session_meta', head(child, { forked_from_id: parent })),
        line(null, 'session_meta', head(parent)),
        line(null, 'response_item', said('user', 'a')),
        line(null, 'response_item', said('assistant', 'b')),
      ]),
    ).toEqual(['b', 'bu', 'bu', 'bu']);
  });

  test('a paginated file copies nothing', () => {
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head(child, { forked_from_id: parent, history_mode: 'paginated' })),
        line('09:00:00.010', 'response_item', said('assistant', 'b')),
      ]),
    ).toEqual(['b', 'b']);
  });

  test('a turn that was opened when the copy was made is the own one while the model has not worked in it', () => {
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head(child, { forked_from_id: parent })),
        line('09:00:00.001', 'session_meta', head(parent)),
        line('09:00:00.002', 'turn_context', { model: 'm' }),
        line('09:00:00.003', 'response_item', said('user', 'a')),
        line('09:00:00.004', 'response_item', said('assistant', 'b')),
        line('09:00:00.005', 'turn_context', { model: 'm' }),
        line('09:00:00.006', 'response_item', said('user', 'c')),
        line('09:00:04.000', 'response_item', said('assistant', 'd')),
      ]),
    ).toEqual(['b', 'ac', 'ac', 'ac', 'ac', 'b', 'b', 'b']);
  });

  test('the second in which a turn began tells as well as the time in its id', () => {
    const start = (id: string, second: number): JsonObject => ({
      type: 'task_started',
      turn_id: id,
      started_at: second,
    });
    const created = Date.UTC(2026, 4, 4, 9) / 1000;
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head(child, { forked_from_id: parent })),
        line('09:00:00.001', 'session_meta', head(parent)),
        line('09:00:00.002', 'event_msg', start('t1', created - 60)),
        line('09:00:00.003', 'turn_context', { turn_id: 't1', model: 'm' }),
        line('09:00:00.004', 'response_item', said('user', 'a')),
        line('09:00:00.400', 'event_msg', start('t2', created + 1)),
        line('09:00:00.500', 'response_item', said('assistant', 'b')),
      ]),
    ).toEqual(['b', 'ac', 'ac', 'ac', 'ac', 'b', 'b']);
  });

  test("a copy's copy without ids of turns is of an uncertain thread", () => {
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head('0198a000-0000-4000-8000-00000000000c', { forked_from_id: child })),
        line('09:00:00.001', 'session_meta', head(child)),
        line('09:00:00.002', 'session_meta', head(parent)),
        line('09:00:00.003', 'turn_context', { model: 'm' }),
        line('09:00:00.004', 'response_item', said('assistant', 'b')),
        line('09:00:09.000', 'response_item', said('assistant', 'c')),
      ]),
    ).toEqual(['c', 'bc', 'ac', 'acu', 'acu', 'c']);
  });

  test('the head of another thread in the middle of a file copies nothing', () => {
    expect(
      owners([
        line('09:00:00.000', 'session_meta', head(child)),
        line('09:00:05.000', 'response_item', said('assistant', 'a')),
        line('09:00:09.000', 'session_meta', head(parent)),
        line('09:00:09.000', 'response_item', said('assistant', 'b')),
      ]),
    ).toEqual(['b', 'b', 'b', 'b']);
  });
});

describe('the session', () => {
  test('is that of the head, else of the path, else of what is written', () => {
    const reply = line('09:00:01.000', 'response_item', said('assistant', 'a'));
    const idsOf = (lines: readonly Json[], id: string | null): unknown[] => [
      ...new Set(adaptAll(lines, hintOf({ sessionId: id })).map(({ sessionId }) => sessionId)),
    ];
    expect(idsOf([line('09:00:00.000', 'session_meta', head(child)), reply], parent)).toEqual([child]);
    expect(idsOf([reply], parent)).toEqual([parent]);
    expect(idsOf([reply], null)).toEqual([expect.stringMatching(/^unidentified-[0-9a-f]{8}$/)]);
  });

  test('of an empty file has no events', () => {
    expect(adaptAll([])).toEqual([]);
  });
});
