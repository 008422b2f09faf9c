import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeOf, measure, noAnchors, withMeasured, type AnchorSet } from '../../../src/judge/anchors/anchors.ts';
import { judgeVersion } from '../../../src/judge/key.ts';
import { Ledger } from '../../../src/judge/ledger/ledger.ts';
import { reservation } from '../../../src/judge/money.ts';
import { judgeSessions, type JudgeOptions } from '../../../src/judge/run.ts';
import type { Plan } from '../../../src/judge/run/plan.ts';
import { previewAnchors, previewOf, totalOf, type Preview, type PreviewWorld } from '../../../src/judge/run/preview.ts';
import { scratch } from '../../helpers/scratch.ts';
import { FakeClock } from '../helpers/clock.ts';
import { inParts } from '../helpers/in-parts.ts';
import { judging, preparedSession, sessions, testOptions, testPrice } from '../helpers/judging.ts';
import { message, startServer, type FakeServer } from '../helpers/server.ts';

const plan: Plan = {
  provider: 'anthropic',
  model: testOptions.model,
  baseUrl: new URL('https://judge.test'),
  key: null,
  isLocal: false,
  price: testPrice,
  limits: { requestsPerMinute: null, tokensPerMinute: null, concurrency: 1 },
  caps: { runUsdMicros: null, monthUsdMicros: null, calls: null },
  maxTokens: testOptions.maxTokens,
  effort: null,
};
const second: Plan = {
  ...plan,
  provider: 'openai',
  model: 'other',
  price: { ...testPrice, costUsdMicros: (usage) => 10 * testPrice.costUsdMicros(usage) },
};
/** Of one question with 1,000 tokens: a usual answer; and a repair of the greatest length. */
const expected = 1000 + 2 * 700;
const worst = reservation(testPrice, 1000, 1000) + reservation(testPrice, 2000, 1000);

interface Stage {
  readonly server: FakeServer;
  readonly preview: (count: number, more?: Partial<PreviewWorld>) => Promise<readonly Preview[]>;
  readonly world: (more?: Partial<PreviewWorld>) => Promise<PreviewWorld>;
  readonly run: (count: number, options?: Partial<JudgeOptions>, anchors?: AnchorSet) => Promise<void>;
}

async function stage(answer: (n: number) => object = () => ({ score: 4 })): Promise<Stage> {
  const server = await startServer((_seen, n) => message(JSON.stringify(answer(n)), { model: 'old' }));
  const store = join(scratch(), 'store');
  const world: Stage['world'] = async (more = {}) => {
    const ledger = await Ledger.open(join(store, 'judge'), new FakeClock().now);
    return { plan, second: null, samples: null, ledger, isPublished: () => false, ...more };
  };
  const preview: Stage['preview'] = async (count, more) => {
    const made = await world(more);
    return sessions(count).map((session) => previewOf(preparedSession(session), made));
  };
  const run: Stage['run'] = async (count, options = {}, set = noAnchors) => {
    const anchors = { current: () => set, keep: async () => undefined };
    const { close, ...effects } = await judging({ url: server.url, store, withoutTable: true, effects: { anchors } });
    await judgeSessions(sessions(count), { ...testOptions, ...options }, effects);
    await close();
  };
  return { server, preview, world, run };
}

const questions = (previews: readonly Preview[]): number =>
  totalOf(previews, { plan, second: null }).inputTokens / 1000;

describe('what a dry run expects', () => {
  test('is what a run then asks, second samples by lot among it, and nothing once all is known', async () => {
    const { server, preview, run } = await stage();
    const before = await preview(60);
    await run(60, { samples: null });
    expect(server.log.length).toBeGreaterThan(60);
    expect(questions(before)).toBe(server.log.length);
    expect(totalOf(before, { plan, second: null }).expectedUsdMicros).toBe(expected * server.log.length);
    const after = await preview(60);
    expect(after.every(({ state, cost }) => state === 'known' && cost === null)).toBe(true);
    expect(totalOf(after, { plan, second: null })).toMatchObject({
      sessions: 0,
      expectedUsdMicros: 0,
      batchUsdMicros: 0,
    });
  });

  test('counts every sample that is wanted and not there yet', async () => {
    const { server, preview, run } = await stage();
    await run(1, { samples: 2 });
    const [known, fresh] = await preview(2, { samples: 3 });
    expect([known?.cost?.expectedUsdMicros, fresh?.cost?.expectedUsdMicros]).toEqual([expected, 3 * expected]);
    await run(2, { samples: 3 });
    expect(server.log).toHaveLength(2 + 1 + 3);
  });

  test('counts the parts of a long session and the question after them', async () => {
    const { world } = await stage();
    const [session] = sessions(1);
    const { inputTokens, cost } = previewOf(inParts(session ?? { agent: '', sessionId: '' }), await world());
    expect([inputTokens, cost?.expectedUsdMicros]).toEqual([4000, 4 * expected]);
  });

  test('prices the other judge where the first one was not sure, never as a batch', async () => {
    const { preview, run } = await stage((n) => ({ score: 3, confidence: n === 1 ? 'low' : 'high' }));
    await run(2, { samples: 1 });
    const previews = await preview(2, { second });
    expect(previews.map(({ state, cost }) => [state, cost?.expectedUsdMicros])).toEqual([
      ['known', 10 * expected],
      ['known', undefined],
    ]);
    expect(totalOf(previews, { plan, second })).toMatchObject({ sessions: 1, batchUsdMicros: 10 * expected });
  });
});

describe('the worst case', () => {
  test('has a second opinion on every session, by the price of whoever gives it', async () => {
    const { preview } = await stage();
    const [alone] = await preview(1);
    const [both] = await preview(1, { second });
    const [once] = await preview(1, { samples: 1 });
    expect(alone?.cost).toEqual({
      expectedUsdMicros: expected,
      worstUsdMicros: 2 * worst,
      batchUsdMicros: expected / 2,
    });
    expect(both?.cost?.worstUsdMicros).toBe(11 * worst);
    expect(once?.cost?.worstUsdMicros).toBe(worst);
  });

  test('is not known when the price of either judge is not', async () => {
    const { preview } = await stage();
    const unpriced = { ...second, price: null };
    const previews = await preview(1, { second: unpriced });
    expect(totalOf(previews, { plan, second: unpriced })).toMatchObject({
      expectedUsdMicros: null,
      worstUsdMicros: null,
    });
  });
});

describe('anchor sessions', () => {
  const { hashes, rendererVersion } = preparedSession({ agent: 'claude-code', sessionId: 's1' });
  const judge = judgeOf({
    provider: 'anthropic',
    host: 'judge.test',
    model: testOptions.model,
    answered_model: 'old',
    judge_version: judgeVersion({ hashes, rendererVersion }),
    max_tokens: testOptions.maxTokens,
    effort: null,
  });
  const chosen = sessions(5).map(({ agent, sessionId }) => ({ agent, session_id: sessionId }));
  const set = withMeasured(
    { ...noAnchors, sessions: chosen },
    measure(noAnchors, judge, {}, '2026-11-21T10:00:00.000Z'),
  );
  const anchorsOf = async ({ world }: Stage, model: string): Promise<readonly Preview[]> =>
    await previewAnchors(set, await world({ plan: { ...plan, model } }), async (session) => preparedSession(session));

  test('are priced for a judge that has not scored them, at the full price, as long as it has not', async () => {
    const made = await stage();
    const anchors = await anchorsOf(made, 'new-model');
    const total = totalOf(anchors, { plan, second: null });
    expect(total).toMatchObject({ sessions: 5, expectedUsdMicros: 5 * expected, batchUsdMicros: 5 * expected });
    expect(total.worstUsdMicros).toBe(5 * worst);
    await made.run(1, { model: 'new-model' }, set);
    expect(made.server.log).toHaveLength(5 + 1);
    // They are in the ledger now, though this run could keep no result.
    expect(await anchorsOf(made, 'new-model')).toEqual([]);
  });

  test('cost nothing for the judge that scored them', async () => {
    const made = await stage();
    expect(await anchorsOf(made, testOptions.model)).toEqual([]);
    await made.run(1, {}, set);
    expect(made.server.log).toHaveLength(1);
  });
});
