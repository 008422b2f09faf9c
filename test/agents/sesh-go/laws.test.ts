import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { seshGo } from '../../../src/agents/sesh-go/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, seshGo);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 4 }).map(toJson);
const odd = (known: fc.Arbitrary<unknown>): fc.Arbitrary<Json> => fc.oneof(known.map(toJson), json);

const oddCall = odd(fc.record({ ID: odd(fc.constantFrom('', 'call_0')), Name: odd(fc.constant('bash')), Args: json }));
const oddResult = odd(
  fc.record({ ID: odd(fc.constant('call_0')), Content: odd(fc.string()), IsError: odd(fc.boolean()) }),
);
const oddTurn = odd(
  fc.record(
    {
      role: odd(fc.constantFrom('user', 'assistant', 'tool')),
      text: odd(fc.constantFrom('continue', 'Done.', 'Summary of the conversation so far:')),
      calls: odd(fc.array(oddCall, { maxLength: 3 })),
      results: odd(fc.array(oddResult, { maxLength: 3 })),
      thinking: json,
      images: json,
    },
    { requiredKeys: ['role'] },
  ),
);
const oddSession = fc
  .record(
    {
      turns: odd(fc.array(oddTurn, { maxLength: 6 })),
      id: odd(fc.constant('20260704-101500-1a2b3c4d')),
      title: odd(fc.constant('fork of x')),
      cwd: json,
      parent: json,
      chain: json,
      continued_by: json,
      created: odd(fc.constant('2026-07-04T10:15:00+02:00')),
      updated: json,
    },
    { requiredKeys: ['turns'] },
  )
  .map(toJson);
const oddHandoff = fc
  .record({ from: json, to: json, time: json, entry: json, brief_in: json, brief_out: json, cached_in: json })
  .map(toJson);

describe('any record', () => {
  test('has an event that bears its line, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddSession, oddHandoff), { maxLength: 4 }), (records) => {
        const lines = new Set(adaptAll(records).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 600 },
    );
  });

  test('has an event for each of its turns, each with a key of its own', () => {
    fc.assert(
      fc.property(fc.array(oddTurn, { maxLength: 6 }), (turns) => {
        const events = adaptAll([{ id: 's', turns }]);
        const keys = events.map((event) => event.key);
        expect(new Set(keys).size).toBe(keys.length);
        const turnsSeen = new Set(keys.flatMap((key) => /^turn:[0-9a-f]{32}(?::\d+)?(?=:)/.exec(key)?.[0] ?? []));
        expect(turnsSeen.size).toBe(turns.length);
      }),
      { numRuns: 400 },
    );
  });
});

/** An exchange as it is saved: a prompt, perhaps a call with its result, an answer. Texts are few, so that many are equal. */
const exchange = fc
  .record({
    prompt: fc.constantFrom('continue', 'go', 'why?'),
    call: fc.boolean(),
    answer: fc.constantFrom('Done.', 'Yes.'),
  })
  .chain((said) => fc.uuid().map((id) => ({ ...said, id })))
  .map(({ prompt, call, answer, id }) => [
    { role: 'user', text: prompt },
    ...(call
      ? [
          { role: 'assistant', calls: [{ ID: id, Name: 'bash', Args: { command: 'ls' } }] },
          { role: 'tool', results: [{ ID: id, Content: 'a', IsError: false }] },
        ]
      : []),
    { role: 'assistant', text: answer },
  ]);

const parentId = '20260704-101500-1a2b3c4d';
const seed = [
  { role: 'user', text: `This conversation continues session ${parentId}; its context window filled and` },
  { role: 'assistant', text: 'Understood. Continuing the work from the handoff.' },
];

test('a longer copy of a session gives the events of the shorter one, but for its last change', () => {
  fc.assert(
    fc.property(fc.array(exchange, { maxLength: 6 }), fc.nat(6), (exchanges, cut) => {
      const shorter = eventsOf({ id: parentId, turns: exchanges.slice(0, cut).flat() }).slice(0, -1);
      const longer = eventsOf({ id: parentId, turns: exchanges.flat() });
      expect(longer.slice(0, shorter.length)).toEqual(shorter);
    }),
  );
});

test('the tail that a handoff copies counts once, wherever it begins', () => {
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), fc.nat(6), (exchanges, from) => {
      const parent = keysOf(eventsOf({ id: parentId, turns: exchanges.flat() }));
      const child = {
        id: 'child',
        parent: parentId,
        chain: parentId,
        turns: [...seed, ...exchanges.slice(from).flat()],
      };
      const added = keysOf(eventsOf(child)).filter((key) => !parent.includes(key));
      expect(added).toHaveLength(seed.length);
    }),
  );
});

test('a fork counts what it copies once', () => {
  fc.assert(
    fc.property(fc.array(exchange, { minLength: 1, maxLength: 6 }), (exchanges) => {
      const turns = exchanges.flat();
      const source = keysOf(eventsOf({ id: parentId, turns }));
      expect(keysOf(eventsOf({ id: 'fork', title: `fork of ${parentId}`, turns }))).toEqual(source);
    }),
  );
});

function eventsOf(session: JsonObject): AgentEvent[] {
  return adaptAll([{ created: '2026-07-04T10:15:00Z', ...session }], hintOf({ form: 'document' }));
}

function keysOf(events: readonly AgentEvent[]): string[] {
  return events.map((event) => event.key).filter((key) => key.startsWith('turn:'));
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
