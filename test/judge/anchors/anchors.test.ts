import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  accepted,
  judgeOf,
  measure,
  noAnchors,
  pick,
  withMeasured,
  type AnchorSet,
  type MeasuredJudge,
} from '../../../src/judge/anchors/anchors.ts';
import { judgeSessions, type JudgeOptions, type JudgeSummary } from '../../../src/judge/run.ts';
import { scratch } from '../../helpers/scratch.ts';
import { judging, published, sessions, testOptions } from '../helpers/judging.ts';
import { message, startServer, type FakeServer } from '../helpers/server.ts';

const at = '2026-11-21T10:00:00.000Z';
const scoresOf = (...scores: readonly (number | null)[]): MeasuredJudge['scores'] =>
  Object.fromEntries(scores.map((score, index) => [`claude-code s${index + 1}`, score]));

function setWith(scores: MeasuredJudge['scores']): AnchorSet {
  const chosen = Object.keys(scores).map((name) => ({ agent: 'claude-code', session_id: name.split(' ')[1] ?? '' }));
  return withMeasured({ ...noAnchors, sessions: chosen }, measure(noAnchors, 'old', scores, at));
}

describe('a new judge', () => {
  const before = setWith(scoresOf(1, 2, 3, 4, 5, 3, 3, 3, 3, 3));

  test.each<[string, readonly (number | null)[], MeasuredJudge['state'], number | null, number]>([
    ['scores all the same', [1, 2, 3, 4, 5, 3, 3, 3, 3, 3], 'held', 0, 0],
    ['is 0.3 kinder', [2, 3, 4, 4, 5, 3, 3, 3, 3, 3], 'held', 0.3, 1],
    ['is 0.4 kinder', [2, 3, 4, 5, 5, 3, 3, 3, 3, 3], 'blocked', 0.4, 1],
    ['is 0.4 harsher', [1, 1, 2, 3, 4, 3, 3, 3, 3, 3], 'blocked', -0.4, 1],
    ['moves one session by two', [3, 2, 3, 4, 4, 3, 3, 3, 3, 3], 'held', 0.1, 2],
    ['moves one session by three', [4, 2, 3, 3, 4, 3, 3, 3, 3, 2], 'blocked', 0, 3],
    ['gives no score to most', [1, 2, 3, 4, null, null, null, null, null, null], 'blocked', 0, 0],
    ['gives no score at all', Array.from({ length: 10 }, () => null), 'blocked', null, 0],
  ])('that %s', (_what, scores, state, mean, largest) => {
    const found = measure(before, 'new', scoresOf(...scores), at);
    expect([found.state, found.largest_shift]).toEqual([state, largest]);
    expect(found.mean_shift === null ? null : Math.round(found.mean_shift * 100) / 100).toBe(mean);
  });

  test('is compared with the last one that counts, not with one that is blocked', () => {
    const kinder = scoresOf(5, 5, 5, 5, 5, 5, 5, 5, 5, 5);
    const blocked = withMeasured(before, measure(before, 'new', kinder, at));
    expect(measure(blocked, 'newer', kinder, at).state).toBe('blocked');
    expect(measure(accepted(blocked), 'newer', kinder, at).state).toBe('held');
  });
});

test('anchors are of every score, the rare ones among them, and the same ones in any order', () => {
  const all = Array.from({ length: 40 }, (_, n) => ({
    agent: 'a',
    sessionId: `s${n}`,
    score: n < 36 ? 5 : n - 35,
    lot: String((n * 7919) % 101),
  }));
  const chosen = pick(all, 20);
  expect(chosen).toHaveLength(20);
  expect(new Set(chosen.map(({ score }) => score))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(pick(all.toReversed(), 20)).toEqual(chosen);
});

interface Stage {
  readonly server: FakeServer;
  readonly store: string;
  set: AnchorSet;
  readonly run: (count: number, options?: Partial<JudgeOptions>, calls?: number) => Promise<JudgeSummary>;
}

/** Sessions s1 to s5 are the anchors; the judge under this name gave each a 3. `answers`: model and score of each answer. */
async function stage(answers: (n: number) => { readonly model: string; readonly score: number }): Promise<Stage> {
  const server = await startServer((_seen, n) => {
    const { model, score } = answers(n);
    return message(JSON.stringify({ score }), { model });
  });
  const store = join(scratch(), 'store');
  const made: Stage = {
    server,
    store,
    set: noAnchors,
    run: async (count, options = {}, calls) => {
      const anchors = {
        current: () => made.set,
        keep: async (set: AnchorSet) => {
          made.set = set;
        },
      };
      const caps = calls === undefined ? {} : { calls };
      const { close, ...effects } = await judging({ url: server.url, store, caps, effects: { anchors } });
      try {
        return await judgeSessions(sessions(count), { ...testOptions, ...options }, effects);
      } finally {
        await close();
      }
    },
  };
  return made;
}

async function withAnchors(made: Stage): Promise<void> {
  await made.run(5);
  const columns = ['provider', 'host', 'model', 'answered_model', 'judge_version'];
  const [row = {}] = await published(made.store, columns);
  const cells = columns.map((column) => [column, JSON.stringify(row[column] ?? null)] as const);
  const texts = Object.fromEntries(cells.map(([name, cell]) => [name, cell.replaceAll('"', '')]));
  const judge = judgeOf({ ...texts, max_tokens: testOptions.maxTokens, effort: null });
  made.set = withMeasured(
    { ...noAnchors, sessions: sessions(5).map(({ agent, sessionId }) => ({ agent, session_id: sessionId })) },
    measure(noAnchors, judge, scoresOf(3, 3, 3, 3, 3), at),
  );
}

const ids = async ({ store }: Stage): Promise<number> => (await published(store, ['session_id'])).length;

describe('with anchors', () => {
  test('the judge that scored them goes on without scoring them again', async () => {
    const made = await stage(() => ({ model: 'old', score: 3 }));
    await withAnchors(made);
    const summary = await made.run(7);
    expect([made.server.log.length, summary.held, await ids(made)]).toEqual([7, 0, 7]);
  });

  test('another model scores them first, and counts when it scores them alike', async () => {
    const made = await stage(() => ({ model: 'old', score: 3 }));
    await withAnchors(made);
    const summary = await made.run(6, { model: 'other' });
    // Five anchors, then six sessions.
    expect([made.server.log.length, summary.held, await ids(made)]).toEqual([5 + 5 + 6, 0, 5 + 6]);
    expect(made.set.judges.map(({ state }) => state)).toEqual(['first', 'held']);
    await made.run(6, { model: 'other' });
    expect(made.server.log).toHaveLength(16);
  });

  test('one that scores them otherwise publishes nothing until a person accepts it, and then pays nothing again', async () => {
    const made = await stage((n) => ({ model: 'old', score: n <= 5 ? 3 : 4 }));
    await withAnchors(made);
    const blocked = await made.run(6, { model: 'other' });
    expect([blocked.held, await ids(made)]).toEqual([6, 5]);
    expect(made.set.judges.at(-1)).toMatchObject({ state: 'blocked', mean_shift: 1, largest_shift: 1 });
    const again = await made.run(6, { model: 'other' });
    expect([again.held, made.server.log.length]).toEqual([6, 16]);
    made.set = accepted(made.set);
    const counted = await made.run(6, { model: 'other' });
    expect([counted.held, await ids(made), made.server.log.length]).toEqual([0, 11, 16]);
  });

  test('an alias that begins to answer as another model is measured before what it says counts', async () => {
    const made = await stage((n) => ({ model: n <= 5 ? 'old' : 'new', score: n <= 5 ? 3 : 5 }));
    await withAnchors(made);
    const summary = await made.run(7);
    // Two sessions show the change; the anchors are scored before they would be published.
    expect([made.server.log.length, summary.held, await ids(made)]).toEqual([5 + 2 + 5, 2, 5]);
    expect(made.set.judges.at(-1)).toMatchObject({ state: 'blocked', mean_shift: 2 });
  });

  test('what a cap cuts short is finished by the next run, and publishes nothing until then', async () => {
    const made = await stage(() => ({ model: 'old', score: 3 }));
    await withAnchors(made);
    const cut = await made.run(6, { model: 'other' }, 3);
    expect([cut.ending?.why, await ids(made), made.set.judges.length]).toEqual(['cap', 5, 1]);
    const whole = await made.run(6, { model: 'other' });
    expect([whole.held, await ids(made), made.server.log.length]).toEqual([0, 11, 16]);
  });
});
