import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { asArray, asObject, asText, type JsonObject } from '../../../src/core/json.ts';
import { isDrawn } from '../../../src/judge/run/item.ts';
import { judgeSessions, type JudgeOptions } from '../../../src/judge/run.ts';
import { scratch } from '../../helpers/scratch.ts';
import { Pacer } from '../../../src/judge/pace/pacer.ts';
import { openTestProvider } from '../helpers/providers.ts';
import { FakeClock } from '../helpers/clock.ts';
import { inParts, partIn } from '../helpers/in-parts.ts';
import { judging, preparedSession, published, sessions, testOptions, testPrice } from '../helpers/judging.ts';
import { completion, message, refusal, startServer, type FakeServer, type Script } from '../helpers/server.ts';

type World = Omit<Parameters<typeof judging>[0], 'url' | 'store'>;

interface Stage {
  readonly server: FakeServer;
  readonly store: string;
  readonly run: (count: number, options?: Partial<JudgeOptions>, world?: World) => ReturnType<typeof judgeSessions>;
}

async function stage(script: Script): Promise<Stage> {
  const clock = new FakeClock();
  const server = await startServer(script, clock.now);
  const store = join(scratch(), 'store');
  const run: Stage['run'] = async (count, options = {}, world = {}) => {
    const { close, ...effects } = await judging({ url: server.url, store, clock, ...world });
    try {
      return await judgeSessions(sessions(count), { ...testOptions, ...options }, effects);
    } finally {
      await close();
    }
  };
  return { server, store, run };
}

/** Which session a request is about. */
function sessionOf(json: JsonObject): string {
  const prompt = asText(asObject((asArray(json['messages']) ?? [])[0])?.['content']) ?? '';
  return /Transcript of (\w+)\./.exec(prompt)?.[1] ?? '';
}

const turnsOf = (json: JsonObject): number => (asArray(json['messages']) ?? []).length;
const scored = (score: number, more: JsonObject = {}) => message(JSON.stringify({ score, ...more }));

describe('a run', () => {
  test('asks once for each session and publishes what the checks made of it', async () => {
    const { server, store, run } = await stage(({ json }) => scored(sessionOf(json) === 's2' ? 2 : 4));
    const summary = await run(5);
    expect(summary.sessions.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'judged'));
    expect([summary.calls, summary.spentUsdMicros, summary.ending]).toEqual([5, 5500, null]);
    expect(server.log.map(({ json }) => sessionOf(json)).sort()).toEqual(['s1', 's2', 's3', 's4', 's5']);
    const columns = [
      'session_id',
      'score',
      'null_reason',
      'answered_model',
      'answers',
      'input_tokens',
      'cost_usd_micros',
    ];
    const row = (n: number, score: number) => ({
      session_id: `s${n}`,
      score,
      null_reason: null,
      answered_model: 'claude-test-1',
      answers: 1,
      input_tokens: '900',
      cost_usd_micros: '1100',
    });
    expect(await published(store, columns)).toEqual([row(1, 4), row(2, 2), row(3, 4), row(4, 4), row(5, 4)]);
  });

  test('for the second time asks nothing and changes nothing', async () => {
    const { server, store, run } = await stage(() => scored(4));
    await run(5);
    const before = await published(store, ['key', 'score', 'judged_at']);
    const summary = await run(5);
    expect(summary.sessions.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'known'));
    expect([summary.calls, summary.spentUsdMicros]).toEqual([0, 0]);
    expect(server.log).toHaveLength(5);
    expect(await published(store, ['key', 'score', 'judged_at'])).toEqual(before);
  });

  test('whose ledger was lost does not pay again for what the table has', async () => {
    const { server, run } = await stage(() => scored(4));
    const summary = await run(2, {}, { effects: { isPublished: (_key, { sessionId }) => sessionId === 's1' } });
    expect(summary.sessions.map(({ status }) => status)).toEqual(['known', 'judged']);
    expect(server.log).toHaveLength(1);
  });

  test('sends the first request alone and then several at once', async () => {
    let underWay = 0;
    const alone: number[] = [];
    const { run } = await stage(async (_seen, n) => {
      underWay += 1;
      alone.push(underWay);
      // All but the first are held until the last one has come; those that never come together are seen after ten seconds.
      for (let waits = 0; waits < 500 && (n > 1 ? alone.length < 5 : waits < 5); waits += 1) await sleep(20);
      underWay -= 1;
      return scored(4);
    });
    await run(5);
    expect(alone).toEqual([1, 1, 2, 3, 4]);
  });

  test('asks once for two sessions that show the same text', async () => {
    const { server, store, run } = await stage(() => scored(4));
    await run(3, {}, { effects: { prepare: async (session) => preparedSession(session, 'Transcript of twin.') } });
    expect(server.log).toHaveLength(1);
    expect(await published(store, ['session_id', 'score'])).toEqual([
      { session_id: 's1', score: 4 },
      { session_id: 's2', score: 4 },
      { session_id: 's3', score: 4 },
    ]);
  });

  test('leaves out a session that is gone', async () => {
    const { server, run } = await stage(() => scored(4));
    const summary = await run(1, {}, { effects: { prepare: async () => null } });
    expect([summary.sessions[0]?.status, server.log.length]).toEqual(['gone', 0]);
  });

  test('asks again for a session that has grown, and keeps both verdicts', async () => {
    const { server, store, run } = await stage(() => scored(4));
    await run(1);
    await run(1, {}, { effects: { prepare: async (session) => preparedSession(session, 'Transcript of s1. More.') } });
    expect(server.log).toHaveLength(2);
    expect(await published(store, ['session_id'])).toEqual([{ session_id: 's1' }, { session_id: 's1' }]);
  });
});

test('verdicts that the store has no time for stay in the ledger, and the next run publishes them', async () => {
  const { server, store, run } = await stage(() => scored(4));
  const first = await run(3, {}, { effects: { publish: async () => false } });
  expect([first.isPublished, first.calls]).toEqual([false, 3]);
  expect(await published(store, ['session_id'])).toEqual([]);
  const second = await run(3);
  expect([second.isPublished, server.log.length]).toEqual([true, 3]);
  expect(await published(store, ['session_id'])).toHaveLength(3);
});

describe('an answer', () => {
  test('that is no verdict is repaired once, with the words of the check', async () => {
    const { server, store, run } = await stage(({ json }) => (turnsOf(json) === 1 ? message('four') : scored(4)));
    await run(1);
    expect(server.log).toHaveLength(2);
    expect(JSON.stringify(server.log[1]?.json['messages'])).toContain('Expected JSON with a score.');
    expect(await published(store, ['score', 'answers', 'flags', 'cost_usd_micros'])).toEqual([
      { score: 4, answers: 2, flags: 'repaired', cost_usd_micros: '2200' },
    ]);
  });

  test.each([
    ['no verdict twice', 'four', 'error_parse'],
    ['evidence that does not hold twice', '{"score":9}', 'evidence_invalid'],
  ])('with %s has no score', async (_what, text, reason) => {
    const { server, store, run } = await stage(() => message(text));
    await run(1);
    expect(server.log).toHaveLength(2);
    expect(await published(store, ['score', 'null_reason'])).toEqual([{ score: null, null_reason: reason }]);
    await run(1);
    expect(server.log).toHaveLength(2);
  });

  test('that was cut off is asked for once more with twice the room', async () => {
    const { server, store, run } = await stage(({ json }) =>
      json['max_tokens'] === 2000 ? scored(4) : message('{"sco', { stop: 'max_tokens' }),
    );
    await run(1);
    expect(server.log.map(({ json }) => json['max_tokens'])).toEqual([1000, 2000]);
    expect(await published(store, ['score', 'answers', 'flags'])).toEqual([{ score: 4, answers: 2, flags: null }]);
  });

  test('that is cut off again has no score', async () => {
    const { server, store, run } = await stage(() => message('{"sco', { stop: 'max_tokens' }));
    await run(1);
    expect(server.log).toHaveLength(2);
    expect(await published(store, ['score', 'null_reason'])).toEqual([
      { score: null, null_reason: 'output_truncated' },
    ]);
  });

  test('that was cut off while it was repaired is repaired with more room', async () => {
    const { server, store, run } = await stage(({ json }) => {
      if (turnsOf(json) === 1) return message('four');
      return json['max_tokens'] === 2000 ? scored(4) : message('{"sco', { stop: 'max_tokens' });
    });
    await run(1);
    expect(server.log.map(({ json }) => [turnsOf(json), json['max_tokens']])).toEqual([
      [1, 1000],
      [3, 1000],
      [3, 2000],
    ]);
    expect(await published(store, ['score', 'answers'])).toEqual([{ score: 4, answers: 3 }]);
  });

  test('that refuses is kept as a null and not asked for again', async () => {
    const { server, store, run } = await stage(() => message('No.', { stop: 'refusal' }));
    await run(1);
    await run(1);
    expect(server.log).toHaveLength(1);
    expect(await published(store, ['score', 'null_reason', 'outcome'])).toEqual([
      { score: null, null_reason: 'refused', outcome: null },
    ]);
  });

  test('of another model than before is marked', async () => {
    const { store, run } = await stage((_seen, n) => message('{"score":4}', { model: n < 3 ? 'old' : 'new' }));
    await run(3, {}, { limits: { concurrency: 1 } });
    expect(await published(store, ['session_id', 'answered_model', 'flags'])).toEqual([
      { session_id: 's1', answered_model: 'old', flags: null },
      { session_id: 's2', answered_model: 'old', flags: null },
      { session_id: 's3', answered_model: 'new', flags: 'drift' },
    ]);
  });
});

describe('a prompt that does not fit', () => {
  test('is shown shorter, under a key of its own, and not tried at full length again', async () => {
    const { server, store, run } = await stage(({ text }) =>
      text.includes('Long') ? refusal(413, 'large') : scored(3),
    );
    const world: World = {
      effects: {
        prepare: async (session) => ({
          ...preparedSession(session, `Long transcript of ${session.sessionId}.`),
          shorter: async () => preparedSession(session),
        }),
      },
    };
    await run(1, {}, world);
    expect(server.log).toHaveLength(2);
    expect(await published(store, ['score'])).toEqual([{ score: 3 }]);
    const again = await run(1, {}, world);
    expect([again.sessions[0]?.status, server.log.length]).toEqual(['known', 2]);
  });

  test('and cannot be shown shorter is an error, which is not a null', async () => {
    const { store, run } = await stage(() => refusal(413, 'large'));
    await run(1);
    expect(await published(store, ['score', 'null_reason'])).toEqual([{ score: null, null_reason: 'error_too_long' }]);
  });
});

describe('a session that is read in parts', () => {
  const world: World = { effects: { prepare: async (session) => inParts(session) } };

  test('is asked part by part, and then as a whole that shows what was pointed at', async () => {
    const { server, store, run } = await stage(({ json }) =>
      partIn(json) === 'whole' ? scored(2) : message(`{"of":"${partIn(json)}"}`),
    );
    await run(1, {}, world);
    expect(server.log.map(({ json }) => partIn(json))).toEqual(['Part 1', 'Part 2', 'Part 3', 'whole']);
    expect(server.log[3]?.text).toMatch(/Transcript of s1\. .*Part 1.* and .*Part 3/);
    expect(await published(store, ['score', 'answers', 'flags', 'cost_usd_micros'])).toEqual([
      { score: 2, answers: 4, flags: 'in_parts', cost_usd_micros: '4400' },
    ]);
    const again = await run(1, {}, world);
    expect([again.sessions[0]?.status, server.log.length]).toEqual(['known', 4]);
  });

  test('goes on where a run was stopped, and asks for no part twice', async () => {
    const { server, run } = await stage(({ json }) => (partIn(json) === 'whole' ? scored(2) : message('{}')));
    const first = await run(1, {}, { ...world, caps: { calls: 2 } });
    expect(first.sessions[0]?.status).toBe('later');
    await run(1, {}, world);
    expect(server.log.map(({ json }) => partIn(json))).toEqual(['Part 1', 'Part 2', 'Part 3', 'whole']);
  });

  test('is scored without a part that cannot be read, after one repair', async () => {
    const { server, store, run } = await stage(({ json }) => {
      if (partIn(json) === 'whole') return scored(2);
      return message(partIn(json) === 'Part 2' ? 'no' : '{}');
    });
    await run(1, {}, world);
    expect(server.log.map(({ json }) => partIn(json))).toEqual(['Part 1', 'Part 2', 'Part 2', 'Part 3', 'whole']);
    expect(JSON.stringify(server.log[4]?.json)).toContain('{} and unread and {}');
    expect(await published(store, ['score'])).toEqual([{ score: 2 }]);
  });

  test('is shown shorter when a part is too long for the service', async () => {
    const { store, run } = await stage(({ json }) => (partIn(json) === 'whole' ? scored(3) : refusal(413, 'large')));
    const shorter: World = {
      effects: {
        prepare: async (session) => ({
          ...inParts(session),
          shorter: async () => preparedSession(session, 'Transcript of less.'),
        }),
      },
    };
    await run(1, {}, shorter);
    expect(await published(store, ['score', 'answers'])).toEqual([{ score: 3, answers: 1 }]);
  });
});

test('an answer that does not fit into the context beside its prompt is asked for with a shorter prompt', async () => {
  const { server, store, run } = await stage(({ text }) =>
    text.includes('Long') ? message('{"sc', { stop: 'model_context_window_exceeded' }) : scored(3),
  );
  const world: World = {
    effects: {
      prepare: async (session) => ({
        ...preparedSession(session, 'Long transcript.'),
        shorter: async () => preparedSession(session),
      }),
    },
  };
  await run(1, {}, world);
  expect(server.log).toHaveLength(2);
  expect(await published(store, ['score'])).toEqual([{ score: 3 }]);
});

test('a request that is not taken is set aside and the others go on', async () => {
  const { server, store, run } = await stage(({ json }) =>
    sessionOf(json) === 's2' ? refusal(400, 'odd') : scored(4),
  );
  const summary = await run(3);
  expect(summary.ending).toBeNull();
  expect(await published(store, ['session_id', 'score', 'null_reason'])).toEqual([
    { session_id: 's1', score: 4, null_reason: null },
    { session_id: 's2', score: null, null_reason: 'error_request' },
    { session_id: 's3', score: 4, null_reason: null },
  ]);
  await run(3);
  expect(server.log).toHaveLength(3);
});

describe('samples', () => {
  test('asked for are independent questions', async () => {
    const { server, store, run } = await stage((_seen, n) => scored(n));
    await run(1, { samples: 3 });
    expect(server.log).toHaveLength(3);
    expect(await published(store, ['sample_index', 'score'])).toEqual([
      { sample_index: 0, score: 1 },
      { sample_index: 1, score: 2 },
      { sample_index: 2, score: 3 },
    ]);
    await run(1, { samples: 4 });
    expect(server.log).toHaveLength(4);
  });

  test.each<[string, JsonObject, number]>([
    ['low confidence', { confidence: 'low' }, 2],
    ['caps that took two points', { proposed: 5 }, 2],
    ['caps that took one point', { proposed: 4 }, 1],
    ['no doubt', {}, 1],
  ])('by default: %s', async (_why, more, expected) => {
    const { server, run } = await stage(() => scored(3, more));
    // The lot falls on none of these keys.
    await run(1, { samples: null });
    expect(server.log).toHaveLength(expected);
    await run(1, { samples: null });
    expect(server.log).toHaveLength(expected);
  });

  test('by default: after a repair', async () => {
    const { server, run } = await stage(({ json }, n) => (n === 1 && turnsOf(json) === 1 ? message('x') : scored(4)));
    await run(1, { samples: null });
    expect(server.log).toHaveLength(3);
  });

  test('by default one in twenty by lot, the same ones in every run', async () => {
    const keys = Array.from({ length: 10_000 }, (_, n) => createHash('sha256').update(String(n)).digest('hex'));
    expect(keys.filter(isDrawn).length / keys.length).toBeCloseTo(0.05, 2);
    const { server, run } = await stage(() => scored(4));
    await run(60, { samples: null }, { limits: { concurrency: 8 } });
    const drawn = server.log.map(({ json }) => sessionOf(json)).filter((each, index, all) => all.indexOf(each) < index);
    expect(drawn).not.toEqual([]);
    expect(server.log).toHaveLength(60 + new Set(drawn).size);
    await run(60, { samples: null });
    expect(server.log).toHaveLength(60 + drawn.length);
  });
});

describe('another judge for sessions that the first one is not sure of', () => {
  const withSecond = async (script: Script) => {
    const other = await startServer(script);
    const second = {
      model: 'other-model',
      provider: { ...(await openTestProvider('openai', other.url)), host: 'other.test' },
      pacer: new Pacer(
        { requestsPerMinute: null, tokensPerMinute: null, concurrency: 1 },
        { clock: new FakeClock(), random: () => 0.5 },
      ),
      price: testPrice,
    };
    return { other, effects: { second } };
  };
  const columns = ['session_id', 'provider', 'model', 'sample_index', 'score', 'flags'];
  const first = {
    session_id: 's1',
    provider: 'anthropic',
    model: 'judge-model',
    sample_index: 0,
    score: 3,
    flags: null,
  };

  test('is asked once about such a session, and not about others', async () => {
    const { server, store, run } = await stage(({ json }) =>
      scored(3, sessionOf(json) === 's1' ? { confidence: 'low' } : {}),
    );
    const { other, effects } = await withSecond(() => completion('{"score":5}'));
    await run(2, { samples: null }, { effects });
    await run(2, { samples: null }, { effects });
    expect([server.log.length, other.log.length]).toEqual([2, 1]);
    expect(other.log[0]?.json['model']).toBe('other-model');
    expect(await published(store, columns)).toEqual([
      first,
      {
        session_id: 's1',
        provider: 'openai',
        model: 'other-model',
        sample_index: 1000,
        score: 5,
        flags: 'second_opinion',
      },
      { ...first, session_id: 's2' },
    ]);
  });

  test('that cannot be asked leaves the first verdict as it is, and the session for a later run', async () => {
    const { store, run } = await stage(() => scored(3, { confidence: 'low' }));
    const { other, effects } = await withSecond(() => refusal(401, 'no'));
    const summary = await run(2, { samples: null }, { effects });
    expect([summary.ending?.why, other.log.length]).toEqual(['config', 1]);
    expect(summary.sessions.map(({ status }) => status)).toEqual(['later', 'later']);
    expect(await published(store, columns)).toEqual([first, { ...first, session_id: 's2' }]);
  });

  test('is not asked when samples of the first one are wanted', async () => {
    const { server, run } = await stage(() => scored(3, { confidence: 'low' }));
    const { other, effects } = await withSecond(() => completion('{"score":5}'));
    await run(1, { samples: 2 }, { effects });
    expect([server.log.length, other.log.length]).toEqual([2, 0]);
  });
});

describe('a cap', () => {
  test('of money lets no question through that it could not pay', async () => {
    const { server, run } = await stage(() => scored(4));
    // Set aside for a question: 1,150 tokens in and 1,000 out, 3,150 millionths; it costs 1,100.
    const summary = await run(10, {}, { caps: { runUsdMicros: 6000 }, limits: { concurrency: 1 } });
    expect(summary.ending).toEqual({ why: 'cap', cap: '--max-usd' });
    expect(summary.spentUsdMicros).toBe(3300);
    expect(server.log).toHaveLength(3);
    expect(summary.sessions.filter(({ status }) => status === 'later')).toHaveLength(7);
  });

  test('of money holds for what is under way at the same time', async () => {
    const { server, run } = await stage(() => ({ ...scored(4), delayMs: 20 }));
    const summary = await run(10, {}, { caps: { runUsdMicros: 6000 }, limits: { concurrency: 8 } });
    // After the first one (1,100) one more may be under way: two would need 6,300 beside it.
    expect(summary.spentUsdMicros).toBe(2200);
    expect(server.log).toHaveLength(2);
  });

  test('of money holds for tries of which nothing was heard, since each may be paid for', async () => {
    const { server, run } = await stage((_seen, n) => (n === 1 ? scored(4) : { reset: true }));
    const summary = await run(3, {}, { caps: { runUsdMicros: 8000 }, limits: { concurrency: 1 } });
    // 1,100 for the first answer, then two tries at 3,150: a third one could not be paid.
    expect([server.log.length, summary.spentUsdMicros]).toEqual([3, 7400]);
    expect(summary.ending).toEqual({ why: 'cap', cap: '--max-usd' });
    expect(summary.sessions.map(({ status }) => status)).toEqual(['judged', 'later', 'later']);
  });

  test('of money is not spent by refusals', async () => {
    const { server, run } = await stage((_seen, n) => (n <= 3 ? refusal(529, 'later') : scored(4)));
    const summary = await run(1, {}, { caps: { runUsdMicros: 3150 } });
    expect([server.log.length, summary.spentUsdMicros, summary.ending]).toEqual([4, 1100, null]);
  });

  test('of a month counts what earlier runs paid (T20)', async () => {
    const { server, run } = await stage(() => scored(4));
    await run(2, {}, { caps: { monthUsdMicros: 6000 } });
    const summary = await run(10, {}, { caps: { monthUsdMicros: 6000 }, limits: { concurrency: 1 } });
    expect(summary.ending).toEqual({ why: 'cap', cap: 'monthly_usd' });
    expect(server.log).toHaveLength(3);
  });

  test('of calls counts refusals too', async () => {
    const { server, run } = await stage(() => refusal(529, 'later'));
    const summary = await run(10, {}, { caps: { calls: 3 } });
    expect(summary.ending).toEqual({ why: 'cap', cap: '--max-calls' });
    expect(server.log).toHaveLength(3);
  });

  test('of questions holds against a store full of invented sessions, and lets repairs through (T20)', async () => {
    const { server, run } = await stage(({ json }) => (turnsOf(json) === 1 ? message('x') : scored(4)));
    const summary = await run(10_000, {}, { caps: { questions: 12 } });
    expect(summary.ending).toEqual({ why: 'cap', cap: 'sessions_per_day' });
    expect(server.log.filter(({ json }) => turnsOf(json) === 1)).toHaveLength(12);
  });
});

describe('a run that ends early', () => {
  test('because of the key has asked once', async () => {
    const { server, run } = await stage(() => refusal(401, 'no'));
    const summary = await run(10);
    expect(summary.ending).toMatchObject({ why: 'config' });
    expect(server.log).toHaveLength(1);
  });

  test('because nobody answers does not try session by session', async () => {
    const { server, run } = await stage(() => ({ reset: true }));
    const summary = await run(10);
    expect(summary.ending).toMatchObject({ why: 'unreachable' });
    expect(server.log).toHaveLength(5);
  });

  test('because of a long wait leaves the rest alone until then, in later runs too', async () => {
    const clock = new FakeClock();
    let isOpen = true;
    const { server, store, run } = await stage((_seen, n) =>
      isOpen && n > 2 ? refusal(429, 'slow', { 'retry-after': '7999' }) : scored(4),
    );
    const first = await run(5, {}, { clock, limits: { concurrency: 1 } });
    expect(first.ending).toEqual({ why: 'parked', untilMs: clock.now() + 7_999_000 });
    expect(await published(store, ['session_id'])).toEqual([{ session_id: 's1' }, { session_id: 's2' }]);
    isOpen = false;
    const second = await run(5, {}, { clock });
    expect([second.ending?.why, server.log.length]).toEqual(['parked', 3]);
    expect(second.sessions.map(({ status }) => status)).toEqual(['known', 'known', 'later', 'later', 'later']);
    const third = await run(5, {}, { clock: new FakeClock(clock.now() + 7_999_000) });
    expect([third.ending, server.log.length]).toEqual([null, 6]);
  });

  test('because it was stopped finishes what is under way, publishes it, and goes on in the next run', async () => {
    const clock = new FakeClock();
    const holder: { stop: () => void } = { stop: () => undefined };
    const { server, store, run } = await stage((_seen, n) => {
      if (n === 3) holder.stop();
      return scored(4);
    });
    const { close, ...effects } = await judging({ url: server.url, store, clock, limits: { concurrency: 1 } });
    holder.stop = () => effects.pacer.end({ why: 'stopped' });
    const summary = await judgeSessions(sessions(6), testOptions, effects);
    await close();
    expect([summary.ending, server.log.length]).toEqual([{ why: 'stopped' }, 3]);
    expect(await published(store, ['session_id'])).toHaveLength(3);
    await run(6);
    expect(server.log).toHaveLength(6);
  });

  test('because the disk is full waits for what is under way and then says so', async () => {
    const { run, server, store } = await stage(() => ({ ...scored(4), delayMs: 30 }));
    const world: World = {
      effects: {
        prepare: async (session) => {
          if (session.sessionId === 's4') throw new Error('ENOSPC');
          return preparedSession(session);
        },
      },
    };
    await expect(run(6, {}, world)).rejects.toThrow('ENOSPC');
    const asked = server.log.length;
    await run(6);
    expect(server.log).toHaveLength(6);
    expect(asked).toBeLessThan(6);
    expect(await published(store, ['session_id'])).toHaveLength(6);
  });
});

test('a question that two runs left without an answer is not asked a third time', async () => {
  const { server, store, run } = await stage(() => scored(4));
  const { close, ...effects } = await judging({ url: server.url, store });
  const { verdictKey } = await import('../../../src/judge/key.ts');
  const { hashes, rendererVersion } = preparedSession({ agent: 'claude-code', sessionId: 's1' });
  const { name, host } = effects.provider;
  const asked = { provider: name, host, model: 'judge-model', maxTokens: 1000, effort: null, sampleIndex: 0 };
  const key = verdictKey({ hashes, rendererVersion, ...asked });
  await effects.ledger.record({ type: 'sent', key, attempt: 1, reserved_usd_micros: 1 });
  await effects.ledger.record({ type: 'sent', key, attempt: 2, reserved_usd_micros: 1 });
  await close();
  const summary = await run(2);
  expect(summary.sessions.map(({ status }) => status)).toEqual(['set_aside', 'judged']);
  expect(server.log.map(({ json }) => sessionOf(json))).toEqual(['s2']);
});
