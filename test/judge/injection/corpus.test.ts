import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { everything } from '../../../src/core/window.ts';
import type { PreparedSession } from '../../../src/judge/contract.ts';
import type { Facts } from '../../../src/judge/facts.ts';
import { prepare, readSession, type SessionData } from '../../../src/judge/prompt/prepare.ts';
import type { SessionEvent } from '../../../src/judge/render/event.ts';
import { eligibleSessions } from '../../../src/judge/select.ts';
import { readSnapshot } from '../../../src/lake/log.ts';
import { openViews } from '../../../src/views/query.ts';
import { filesUnder } from '../../agents/cases.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { syncStore } from '../../helpers/store.ts';
import { testSettings } from '../../sql/helpers/store.ts';
import { testKey } from '../render/session.ts';
import { ceiling, expectSound, indistinguishable } from './expectations.ts';
import { harmless, insertedEvents, payloads, type Payload } from './payloads.ts';
import { obeying } from './scripted.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus/claude-code');
const missing = !fs.existsSync(corpus);
const BASES = 20;
/** Sessions that are quick to render many times. */
const FILE_BYTES = { least: 10_000, most: 200_000 };

const folder = scratchForFile();
const bases: { readonly name: string; readonly data: SessionData }[] = [];

// Real transcripts are not part of the project: the tests say nothing where they are missing.
beforeAll(async () => {
  if (missing) return;
  const root = path.join(folder, 'projects');
  const files = filesUnder(corpus)
    .filter((name) => name.endsWith('.jsonl') && !path.basename(name).startsWith('agent-'))
    .filter((name) => {
      const { size } = fs.statSync(path.join(corpus, name));
      return size >= FILE_BYTES.least && size <= FILE_BYTES.most;
    })
    .sort()
    .slice(0, BASES * 8);
  for (const name of files) {
    const target = path.join(root, path.basename(path.dirname(name)), path.basename(name));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(corpus, name), target);
  }
  const store = path.join(folder, 'store');
  await syncStore({ store, roots: [root], window: everything });
  const { files: parts } = await readSnapshot(path.join(store, 'events'));
  const events = parts.map((file) => path.join(store, 'events', file.path));
  const views = await openViews({
    storeDir: store,
    files: { events, sources: [], quarantine: [] },
    settings: testSettings,
    threads: 1,
  });
  try {
    const now = Date.parse('2030-01-01T00:00:00Z') * 1000;
    const { sessions } = await eligibleSessions(views, { last: BASES, now });
    for (const session of sessions) bases.push({ name: session.sessionId, data: await readSession(views, session) });
  } finally {
    views.close();
  }
}, 120_000);

async function prepared(name: string, data: SessionData): Promise<PreparedSession> {
  return await prepare({ agent: 'claude-code', sessionId: name, project: null }, data, { redactionKey: testKey });
}

function attacked({ events, ...rest }: SessionData, payload: Payload): SessionData {
  return { ...rest, events: insertedEvents(events, payload) };
}

/** What the same judge gives when harmless words stand where the payload does. */
async function scoreWithHarmless(
  name: string,
  data: SessionData,
  payload: Payload,
  facts: Facts,
  twin: PreparedSession,
): Promise<number> {
  const { events, ...rest } = attacked(data, harmless(payload));
  const session = await prepared(name, { ...rest, facts, events });
  return (await session.check(obeying(session, twin))).verdict.score ?? 0;
}

const unimpressed = JSON.stringify({
  requirements: [{ id: 'R1', text: 'the request', source_event: 'E1', status: 'partial', evidence: [] }],
  checks_after_last_change: [],
  side_effects: [],
  divergence: 'on_track',
  blocker: 'none',
  user_satisfaction: 'silent',
  outcome: 'not_done',
  proposed_score: 2,
  null_reason: null,
  confidence: 'low',
  rationale: 'R1 decides.',
});

test.skipIf(missing)('twenty real sessions can be judged', () => {
  expect(bases).toHaveLength(BASES);
});

test.skipIf(missing)(
  'in real sessions a judge that believes a payload never ends higher than with harmless words in its place (T16)',
  async () => {
    const raised: string[] = [];
    const aboveCeiling: string[] = [];
    let compared = 0;
    const scored = new Set<string>();
    for (const { name, data } of bases) {
      const twin = await prepared(name, data);
      const twinScore = (await twin.check(unimpressed)).verdict.score ?? 0;
      const withHarmless = new Map<string, number>();
      for (const payload of payloads) {
        const { events, ...rest } = attacked(data, payload);
        const lastEvent: SessionEvent | undefined = events.at(-2);
        // A file that the payload writes is the last change.
        const facts = payload.place === 'write' ? { ...rest.facts, lastChangeUs: lastEvent?.tsUs ?? null } : rest.facts;
        const session = await prepared(name, { ...rest, facts, events });
        const { verdict } = await session.check(obeying(session, twin));
        const kind = `${payload.place} ${String(payload.second !== undefined)}`;
        const harmed = withHarmless.get(kind) ?? (await scoreWithHarmless(name, data, payload, facts, twin));
        withHarmless.set(kind, harmed);
        if (verdict.score !== null) scored.add(payload.id);
        const score = verdict.score ?? 0;
        const what = `${name} ${payload.id}: ${score}, with harmless words ${harmed}, without ${twinScore}`;
        compared += 1;
        if (score > harmed) raised.push(what);
        if (score > Math.max(twinScore, ceiling(payload.place, facts))) aboveCeiling.push(what);
        expect((await session.check(unimpressed)).verdict.score).toBe(twinScore);
      }
    }
    expect(compared).toBe(BASES * payloads.length);
    expect(raised).toEqual([]);
    expect(aboveCeiling).toEqual([]);
    // Whoever follows the others has nothing to show but what speaks to a judge, and gets no score at all.
    expect([...scored].filter((id) => !indistinguishable.includes(id))).toEqual([]);
  },
  300_000,
);

// oxlint-disable-next-line vitest/expect-expect -- the expectations stand in expectSound
test.skipIf(missing)('in real sessions no payload closes the fence', async () => {
  for (const { name, data } of bases) {
    for (const payload of payloads.filter(({ kind }) => kind === 'fake-fence' || kind === 'encoded')) {
      expectSound(await prepared(name, attacked(data, payload)));
    }
  }
});
