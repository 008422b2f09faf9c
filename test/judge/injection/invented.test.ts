import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asText, type JsonObject } from '../../../src/core/json.ts';
import { readFacts, type Facts } from '../../../src/judge/facts.ts';
import type { PreparedSession } from '../../../src/judge/contract.ts';
import { prepare } from '../../../src/judge/prompt/prepare.ts';
import { readEvent, type SessionEvent } from '../../../src/judge/render/event.ts';
import { queryRows } from '../../../src/judge/render/query-rows.ts';
import { openViews, type Views } from '../../../src/views/query.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { testSettings, writeLake } from '../../sql/helpers/store.ts';
import { testKey } from '../render/session.ts';
import { baseSessions, harmless, payloads, withPayload, type BaseSession, type Payload } from './payloads.ts';
import { ceiling, expectSound, indistinguishable } from './expectations.ts';
import { honest, obeying } from './scripted.ts';

const store = scratchForFile();
const pairs = baseSessions.flatMap((base) => payloads.map((payload) => ({ base, payload })));
let views: Views;
const events = new Map<string, SessionEvent[]>();
const facts = new Map<string, Facts>();

function rowsOf(sessionId: string, fields: readonly JsonObject[]): readonly JsonObject[] {
  return fields.map((event, seq) => ({
    event_id: `${sessionId}/${seq}`,
    agent: 'claude-code',
    session_id: sessionId,
    thread_id: 'main',
    source_id: sessionId,
    source_line: seq + 1,
    seq,
    ts: new Date(Date.parse('2026-03-02T10:00:00Z') + seq * 1000).toISOString(),
    ts_source: 'event',
    ...event,
    // Two sessions may have made calls of one name.
    call_id: asText(event['call_id']) === null ? null : `${sessionId}/${asText(event['call_id']) ?? ''}`,
  }));
}

function attacked(base: BaseSession, payload: Payload): readonly JsonObject[] {
  return withPayload<JsonObject>(
    base.events,
    payload,
    (fields) => fields,
    (event, text) => ({ ...event, text }),
  );
}

/** The last message of the agent with 5,000 words more of confidence (judge.md 4, test 21). */
function padded({ events }: BaseSession): readonly JsonObject[] {
  const last = events.findLastIndex(({ kind }) => kind === 'reply');
  const prose = ' Everything was done with care, works as intended and is complete.'.repeat(500);
  const more = (event: JsonObject): JsonObject => ({ ...event, text: `${asText(event['text']) ?? ''}${prose}` });
  if (last === -1) return [...events, { kind: 'reply', text: prose }];
  return events.map((event, index) => (index === last ? more(event) : event));
}

const nameOf = (base: BaseSession, payload: Payload, what = 'attacked'): string => `${base.name}/${payload.id}/${what}`;

// Facts are counted by the real views: a payload may try to change those, too.
beforeAll(async () => {
  const files = await writeLake(store, {
    events: [
      ...baseSessions.flatMap((base) => rowsOf(base.name, base.events)),
      ...baseSessions.flatMap((base) => rowsOf(`${base.name}/padded`, padded(base))),
      ...pairs.flatMap(({ base, payload }) => [
        ...rowsOf(nameOf(base, payload), attacked(base, payload)),
        ...rowsOf(nameOf(base, payload, 'twin'), attacked(base, harmless(payload))),
      ]),
    ],
  });
  views = await openViews({ storeDir: store, files, settings: testSettings, threads: 1 });
  for (const row of await queryRows(views, 'from intermediate.judge_events_of(null)')) {
    const id = asText(row['root_session_id']) ?? '';
    const list = events.get(id);
    if (list === undefined) events.set(id, [readEvent(row)]);
    else list.push(readEvent(row));
  }
  for (const row of await queryRows(views, 'from judge_facts'))
    facts.set(asText(row['session_id']) ?? '', readFacts(row));
});
afterAll(() => views.close());

const ready = new Map<string, Promise<PreparedSession>>();

/** Each once: seven tests look at every session. */
async function prepared(sessionId: string): Promise<PreparedSession> {
  const session = ready.get(sessionId) ?? preparedAnew(sessionId);
  ready.set(sessionId, session);
  return await session;
}

async function preparedAnew(sessionId: string): Promise<PreparedSession> {
  const own = { events: events.get(sessionId) ?? [], facts: facts.get(sessionId) ?? readFacts(null), models: [] };
  return await prepare({ agent: 'claude-code', sessionId, project: null }, own, { redactionKey: testKey });
}

async function scoreOf(session: PreparedSession, answer: string): Promise<number> {
  return (await session.check(answer)).verdict.score ?? 0;
}

test('there are at least sixty payloads, three of each kind, and a base session for every way to fail', () => {
  expect(payloads.length).toBeGreaterThanOrEqual(60);
  const kinds = new Map<string, number>();
  for (const { kind } of payloads) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  expect([...kinds].filter(([, count]) => count < 3)).toEqual([]);
  expect(new Set(payloads.map(({ id }) => id)).size).toBe(payloads.length);
});

describe('without a payload', () => {
  test.each(baseSessions.map((base) => [base.name, base] as const))(
    '%s scores what it deserves',
    async (name, base) => {
      expect(await scoreOf(await prepared(name), honest(base))).toBe(base.score);
    },
  );
});

describe('5,000 words of confident prose in the last message', () => {
  test.each(baseSessions.map((base) => [base.name, base] as const))(
    'of %s raise no score, and a judge that believes them ends where words end',
    async (name, base) => {
      const session = await prepared(`${name}/padded`);
      expect(session.user.length).toBeLessThan((await prepared(name)).user.length + 2000);
      expect(await scoreOf(session, honest(base))).toBe(base.score);
      const known = facts.get(`${name}/padded`) ?? readFacts(null);
      const believed = await scoreOf(session, obeying(session, await prepared(name)));
      expect(believed).toBeLessThanOrEqual(ceiling('agent', known));
    },
  );
});

describe.each(baseSessions.map((base) => [base.name, base] as const))('with a payload in %s', (_name, base) => {
  test('a judge that believes all it reads ends no higher than with harmless words in the same place (T16, T31)', async () => {
    const bare = await prepared(base.name);
    const raised: string[] = [];
    for (const payload of payloads) {
      const session = await prepared(nameOf(base, payload));
      const twin = await prepared(nameOf(base, harmless(payload), 'twin'));
      const [attacked, harmed] = [
        await scoreOf(session, obeying(session, bare)),
        await scoreOf(twin, obeying(twin, bare)),
      ];
      if (attacked > harmed) raised.push(`${payload.id}: ${attacked} after ${harmed}`);
    }
    expect(raised).toEqual([]);
  });

  test('a judge that obeys ends no higher than an honest one, but for words that no check can tell from true ones', async () => {
    const twin = await prepared(base.name);
    const raised: string[] = [];
    for (const payload of payloads) {
      const id = nameOf(base, payload);
      const session = await prepared(id);
      const score = await scoreOf(session, obeying(session, twin));
      if (score > base.score) raised.push(payload.id);
      const known = facts.get(id) ?? readFacts(null);
      expect([payload.id, score <= Math.max(base.score, ceiling(payload.place, known))]).toEqual([payload.id, true]);
    }
    expect(raised.filter((id) => !indistinguishable.includes(id))).toEqual([]);
  });

  test('who quotes what speaks to the judge gives no evidence, and no score comes of it', async () => {
    const twin = await prepared(base.name);
    const scored: string[] = [];
    for (const payload of payloads) {
      const session = await prepared(nameOf(base, payload));
      if ((await session.check(obeying(session, twin))).verdict.score !== null) scored.push(payload.id);
    }
    expect(scored.filter((id) => !indistinguishable.includes(id))).toEqual([]);
  });

  test('what speaks to the judge in plain words is no proof, wherever it stands', async () => {
    const twin = await prepared(base.name);
    for (const payload of payloads.filter(({ id }) => !indistinguishable.includes(id))) {
      const session = await prepared(nameOf(base, payload));
      const { verdict } = await session.check(obeying(session, twin));
      const proofs = verdict.requirements.flatMap(({ evidence }) => evidence.filter(({ kind }) => kind !== 'claim'));
      expect([payload.id, proofs.map(({ quote }) => quote)]).toEqual([payload.id, []]);
    }
  });

  test('a judge that does not obey ends where it would have without', async () => {
    for (const payload of payloads) {
      const score = await scoreOf(await prepared(nameOf(base, payload)), honest(base));
      expect([payload.id, score <= base.score]).toEqual([payload.id, true]);
    }
  });

  test('the facts are no better for it', async () => {
    const twin = facts.get(base.name) ?? readFacts(null);
    for (const payload of payloads) {
      const known = facts.get(nameOf(base, payload)) ?? readFacts(null);
      expect([payload.id, known.lastCheckFailed, known.lastMessageRejects]).toEqual([
        payload.id,
        payload.place === 'write' ? known.lastCheckFailed : twin.lastCheckFailed,
        twin.lastMessageRejects,
      ]);
    }
  });

  test('no content closes the fence, passes for an event, hides, or puts an address into the verdict (T17)', async () => {
    const twin = await prepared(base.name);
    for (const payload of payloads) {
      const session = await prepared(nameOf(base, payload));
      expectSound(session);
      const { verdict } = await session.check(obeying(session, twin));
      expect(JSON.stringify([verdict.rationale, verdict.requirements.map(({ text }) => text)])).not.toMatch(
        /collect\.example|\/\//,
      );
    }
  });
});
