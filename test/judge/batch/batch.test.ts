import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { judgeInBatches } from '../../../src/judge/batch/run.ts';
import { judgeSessions, type JudgeOptions, type JudgeSummary } from '../../../src/judge/run.ts';
import { scratch } from '../../helpers/scratch.ts';
import { BatchService } from '../helpers/batch-service.ts';
import { FakeClock } from '../helpers/clock.ts';
import { inParts, partIn } from '../helpers/in-parts.ts';
import { judging, published, sessions, testOptions } from '../helpers/judging.ts';
import { message, refusal, startServer, type FakeServer } from '../helpers/server.ts';

type World = Omit<Parameters<typeof judging>[0], 'url' | 'store' | 'provider'>;

interface Stage {
  readonly service: BatchService;
  readonly server: FakeServer;
  readonly store: string;
  readonly clock: FakeClock;
  readonly run: (count: number, options?: Partial<JudgeOptions>, world?: World) => Promise<JudgeSummary>;
}

async function stage(provider: 'anthropic' | 'openai'): Promise<Stage> {
  const clock = new FakeClock();
  const service = new BatchService(clock.now);
  const server = await startServer(service.script, clock.now);
  const store = join(scratch(), 'store');
  const run: Stage['run'] = async (count, options = {}, world = {}) => {
    const { close, ...effects } = await judging({ url: server.url, store, clock, provider, ...world });
    try {
      if (effects.provider.batches === null) throw new TypeError('Expected a provider with batches');
      return await judgeInBatches(sessions(count), { ...testOptions, ...options }, effects, effects.provider.batches);
    } finally {
      await close();
    }
  };
  return { service, server, store, clock, run };
}

const statuses = (summary: JudgeSummary): readonly string[] => summary.sessions.map(({ status }) => status);
const numberIn = (body: object): number => Number(/Transcript of s(\d+)\./.exec(JSON.stringify(body))?.[1]);

describe.each(['anthropic', 'openai'] as const)('batches of %s', (provider) => {
  test('are handed in by one run and taken in by the next, in any order, at half the price', async () => {
    const { service, store, run } = await stage(provider);
    service.answer = (body) => JSON.stringify({ score: 1 + (numberIn(body) % 5) });
    expect(statuses(await run(4))).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
    expect(statuses(await run(4))).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
    expect(service.made.map(({ requests }) => requests.length)).toEqual([4]);
    service.end();
    expect(statuses(await run(4))).toEqual(['judged', 'judged', 'judged', 'judged']);
    const row = (n: number, score: number) => ({ session_id: `s${n}`, score, cost_usd_micros: '550', flags: 'batch' });
    expect(await published(store, ['session_id', 'score', 'cost_usd_micros', 'flags'])).toEqual([
      row(1, 2),
      row(2, 3),
      row(3, 4),
      row(4, 5),
    ]);
    expect(statuses(await run(4))).toEqual(['known', 'known', 'known', 'known']);
    expect(service.made).toHaveLength(1);
  });

  test('name each request by the beginning of its key, so that none is in a batch twice', async () => {
    const { service, run } = await stage(provider);
    await run(3, { samples: 2 });
    const ids = service.made[0]?.requests.map(({ customId }) => customId) ?? [];
    expect(ids.every((id) => /^[0-9a-f]{60}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(6);
  });

  test('whose requests expired or failed for a while go into the next batch', async () => {
    const { service, store, run } = await stage(provider);
    service.answer = (body) =>
      numberIn(body) === 1 ? null : numberIn(body) === 2 ? { errored: 'api_error' } : '{"score":4}';
    await run(3);
    service.end();
    expect(statuses(await run(3))).toEqual(['waiting', 'waiting', 'judged']);
    expect(service.made[1]?.requests.map(({ body }) => numberIn(body))).toEqual([1, 2]);
    service.answer = () => '{"score":5}';
    service.end();
    await run(3);
    expect(await published(store, ['session_id', 'score'])).toEqual([
      { session_id: 's1', score: 5 },
      { session_id: 's2', score: 5 },
      { session_id: 's3', score: 4 },
    ]);
  });

  test('whose request will never be taken set it aside', async () => {
    const { service, store, run } = await stage(provider);
    service.answer = () => ({ errored: 'invalid_request_error' });
    await run(1);
    service.end();
    expect(statuses(await run(1))).toEqual(['judged']);
    expect(await published(store, ['score', 'null_reason'])).toEqual([{ score: null, null_reason: 'error_request' }]);
  });

  test('whose answer is no verdict hand in its repair', async () => {
    const { service, store, run } = await stage(provider);
    service.answer = (body) => (JSON.stringify(body).includes('Expected JSON with a score.') ? '{"score":3}' : 'three');
    await run(1);
    service.end();
    expect(statuses(await run(1))).toEqual(['waiting']);
    service.end();
    await run(1);
    expect(await published(store, ['score', 'answers', 'flags'])).toEqual([
      { score: 3, answers: 2, flags: 'repaired,batch' },
    ]);
  });

  test('whose id was lost on the way back are found again, and not paid for twice', async () => {
    const { service, store, run } = await stage(provider);
    service.afterMaking = { reset: true };
    expect(statuses(await run(2))).toEqual(['later', 'later']);
    service.afterMaking = null;
    await run(2);
    expect(service.made).toHaveLength(1);
    service.end();
    expect(statuses(await run(2))).toEqual(['judged', 'judged']);
    expect(service.made).toHaveLength(1);
    expect(await published(store, ['session_id'])).toHaveLength(2);
  });

  test('that were never made are handed in anew', async () => {
    const { service, server, run } = await stage(provider);
    service.afterMaking = { reset: true };
    await run(2);
    service.made.length = 0;
    service.afterMaking = null;
    expect(statuses(await run(2))).toEqual(['waiting', 'waiting']);
    expect(service.made.map(({ requests }) => requests.length)).toEqual([2]);
    expect(server.log.length).toBeGreaterThan(0);
  });

  test('of other programs are left alone', async () => {
    const { service, store, run } = await stage(provider);
    const strangers = await stage(provider);
    await strangers.run(3);
    service.afterMaking = { reset: true };
    await run(1);
    service.afterMaking = null;
    const [foreign] = strangers.service.made;
    if (foreign !== undefined) {
      const requests = foreign.requests.map((request, n) => ({ ...request, customId: `theirs-${n}` }));
      service.made.push({ ...foreign, id: 'batch_2', requests });
    }
    service.end();
    await run(1);
    expect(await published(store, ['session_id'])).toEqual([{ session_id: 's1' }]);
  });

  test('take all parts of a long session at once, and then the question that is scored', async () => {
    const { service, server, store, run } = await stage(provider);
    service.answer = (body) => (partIn(body) === 'whole' ? '{"score":2}' : `{"of":"${partIn(body)}"}`);
    const world: World = { effects: { prepare: async (session) => inParts(session) } };
    const handedIn = (): readonly (readonly string[])[] =>
      service.made.map(({ requests }) => requests.map(({ body }) => partIn(body)));
    expect(statuses(await run(1, {}, world))).toEqual(['waiting']);
    expect(statuses(await run(1, {}, world))).toEqual(['waiting']);
    expect(handedIn()).toEqual([['Part 1', 'Part 2', 'Part 3']]);
    service.end();
    expect(statuses(await run(1, {}, world))).toEqual(['waiting']);
    expect(handedIn()[1]).toEqual(['whole']);
    expect(JSON.stringify(service.made[1]?.requests[0]?.body)).toMatch(
      /Transcript of s1\. .*Part 1.* and .*Part 2.* and .*Part 3/,
    );
    service.end();
    expect(statuses(await run(1, {}, world))).toEqual(['judged']);
    expect(await published(store, ['score', 'answers', 'flags', 'cost_usd_micros'])).toEqual([
      { score: 2, answers: 4, flags: 'batch,in_parts', cost_usd_micros: '2200' },
    ]);
    const asked = server.log.length;
    expect(statuses(await run(1, {}, world))).toEqual(['known']);
    expect(server.log).toHaveLength(asked);
  });

  test('ask again for a part that expired, and for no other', async () => {
    const { service, run } = await stage(provider);
    const world: World = { effects: { prepare: async (session) => inParts(session) } };
    service.answer = (body) => (partIn(body) === 'Part 2' ? null : '{}');
    await run(1, {}, world);
    service.end();
    expect(statuses(await run(1, {}, world))).toEqual(['waiting']);
    expect(service.made[1]?.requests.map(({ body }) => partIn(body))).toEqual(['Part 2']);
  });

  test('hold to the caps, at the price of a batch', async () => {
    const { service, run } = await stage(provider);
    // Set aside for a question in a batch: half of 3,150.
    const summary = await run(10, {}, { caps: { runUsdMicros: 5000 } });
    expect(summary.ending).toEqual({ why: 'cap', cap: '--max-usd' });
    expect(service.made.map(({ requests }) => requests.length)).toEqual([3]);
  });
});

test('a refused batch leaves its sessions for later, and a refused key is said once', async () => {
  const clock = new FakeClock();
  const server = await startServer(() => refusal(401, 'no'), clock.now);
  const { close, ...effects } = await judging({ url: server.url, store: join(scratch(), 'store'), clock });
  const { batches } = effects.provider;
  if (batches === null) throw new TypeError('Expected batches');
  const summary = await judgeInBatches(sessions(2), testOptions, effects, batches);
  await close();
  expect([summary.ending?.why, server.log.length]).toEqual(['config', 1]);
  expect(statuses(summary)).toEqual(['later', 'later']);
});

test('a run that waits for answers leaves alone what is in a batch', async () => {
  const { server, store, clock, run } = await stage('anthropic');
  await run(2);
  const before = server.log.length;
  const { close, ...effects } = await judging({ url: server.url, store, clock });
  const summary = await judgeSessions(sessions(2), testOptions, effects);
  await close();
  expect([statuses(summary), server.log.length - before]).toEqual([['waiting', 'waiting'], 0]);
});

test('a batch that answers for a host that is not ours is not asked', async () => {
  const clock = new FakeClock();
  const evil = await startServer(() => message('{"score":5}'), clock.now);
  const service = new BatchService(clock.now);
  const server = await startServer((seen, n) => {
    const scripted = service.script(seen, n);
    if ('then' in scripted || typeof scripted.body !== 'string') return scripted;
    return { ...scripted, body: scripted.body.replace(server.url, evil.url) };
  }, clock.now);
  const store = join(scratch(), 'store');
  for (let n = 0; n < 2; n += 1) {
    const { close, ...effects } = await judging({ url: server.url, store, clock });
    const { batches } = effects.provider;
    if (batches !== null) await judgeInBatches(sessions(1), testOptions, effects, batches);
    await close();
    service.end();
  }
  expect(evil.log).toEqual([]);
});
