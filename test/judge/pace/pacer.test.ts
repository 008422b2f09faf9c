import { describe, expect, test } from 'vitest';
import { Pacer, type PaceLimits, type Paced } from '../../../src/judge/pace/pacer.ts';
import type { Provider } from '../../../src/judge/providers/provider.ts';
import { FakeClock } from '../helpers/clock.ts';
import { openTestProvider, patient, testRequest } from '../helpers/providers.ts';
import { message, refusal, startServer, type FakeServer, type Script } from '../helpers/server.ts';

interface Stage {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  readonly provider: Provider;
  readonly pacer: Pacer;
  readonly askAll: (count: number, tokens: number) => Promise<readonly Paced[]>;
}

const unlimited: PaceLimits = { requestsPerMinute: null, tokensPerMinute: null, concurrency: 4 };

/** A pacer, a real client and a server, all by the same clock; half of every random wait is waited. */
async function stage(script: Script, limits: Partial<PaceLimits> = {}): Promise<Stage> {
  const clock = new FakeClock();
  const server = await startServer(script, clock.now);
  const provider = await openTestProvider('anthropic', server.url);
  const pacer = new Pacer({ ...unlimited, ...limits }, { clock, random: () => 0.5 });
  const askOne = async (tokens: number): Promise<Paced> =>
    await pacer.within(
      async () =>
        await pacer.ask(
          tokens,
          async () => await clock.whileBusy(async () => await provider.ask(testRequest, patient)),
        ),
    );
  const askAll = async (count: number, tokens: number): Promise<readonly Paced[]> =>
    await Promise.all(Array.from({ length: count }, async () => await askOne(tokens)));
  return { clock, server, provider, pacer, askAll };
}

function mostInAnyMinute(log: FakeServer['log'], amount: (index: number) => number): number {
  const sums = log.map(({ atMs }) =>
    log.reduce((sum, other, index) => sum + (other.atMs >= atMs && other.atMs < atMs + 60_000 ? amount(index) : 0), 0),
  );
  return Math.max(...sums);
}

describe("the server's own log", () => {
  test('never shows more requests in a minute than allowed, in a storm of refusals, and all get their answer', async () => {
    const { server, askAll } = await stage(
      (_seen, n) => (n % 3 === 0 ? refusal(429, 'slow down', { 'retry-after': '1' }) : message('{}')),
      { requestsPerMinute: 10, concurrency: 8 },
    );
    const replies = await askAll(30, 1000);
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 30 }, () => 'answer'));
    expect(server.log.length).toBeGreaterThanOrEqual(44);
    expect(mostInAnyMinute(server.log, () => 1)).toBe(10);
  });

  test('never shows more tokens in a minute than allowed', async () => {
    // Each answer says 1,000 tokens, of which 1,000 were expected.
    const { server, askAll } = await stage(() => message('{}'), { tokensPerMinute: 5000, concurrency: 8 });
    expect((await askAll(17, 1000)).every(({ status }) => status === 'answer')).toBe(true);
    expect(mostInAnyMinute(server.log, () => 1000)).toBe(5000);
  });

  test('shows fewer requests when answers use more tokens than expected', async () => {
    const usage = { input_tokens: 2400, output_tokens: 100 };
    const { server, askAll } = await stage(() => message('{}', { usage }), { tokensPerMinute: 5000, concurrency: 1 });
    await askAll(6, 1000);
    // Two answers of 2,500 fill a minute; a third would be seen to do so only when it is there.
    expect(mostInAnyMinute(server.log, () => 2500)).toBe(5000);
  });

  test('never shows more requests under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const { askAll } = await stage(
      async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
        underWay -= 1;
        return message('{}');
      },
      { concurrency: 3 },
    );
    await askAll(10, 1000);
    expect(most).toBe(3);
  });
});

describe('a refusal because of a limit', () => {
  test.each([
    ['in seconds', { 'retry-after': '90' }, 90_000],
    ['in milliseconds', { 'retry-after-ms': '2500' }, 2500],
    ['as a date', { 'retry-after': 'Sat, 21 Nov 2026 10:01:00 GMT' }, 60_000],
    ['that cannot be read', { 'retry-after': 'soon' }, 500],
    ['that is negative', { 'retry-after': '-4' }, 500],
    ['of nothing at all', { 'retry-after': '0' }, 500],
  ])('with a wait %s is asked again after it', async (_form, headers, expected) => {
    const { server, askAll } = await stage((_seen, n) => (n === 1 ? refusal(429, 'slow', headers) : message('{}')));
    expect(await askAll(1, 10)).toMatchObject([{ status: 'answer' }]);
    const [first, second] = server.log.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBe(expected);
  });

  test('holds back the others too', async () => {
    const { server, askAll } = await stage(
      (_seen, n) => (n === 1 ? refusal(429, 'slow', { 'retry-after': '100' }) : message('{}')),
      { concurrency: 1 },
    );
    await askAll(5, 10);
    const [first = 0, ...rest] = server.log.map(({ atMs }) => atMs);
    expect(rest.every((at) => at >= first + 100_000)).toBe(true);
  });

  test('with a wait of hours parks the request and ends the run', async () => {
    const { clock, server, pacer, askAll } = await stage(() => refusal(429, 'slow', { 'retry-after': '7999' }), {
      concurrency: 1,
    });
    const started = clock.now();
    const replies = await askAll(3, 10);
    expect(replies.map(({ status }) => status)).toEqual(['later', 'later', 'later']);
    expect(pacer.ending).toEqual({ why: 'parked', untilMs: started + 7_999_000 });
    expect(server.log).toHaveLength(1);
    expect(clock.now()).toBe(started);
  });

  test('with a wait of a year parks the request for a day', async () => {
    const { clock, pacer, askAll } = await stage(() => refusal(429, 'slow', { 'retry-after': '31536000' }));
    const started = clock.now();
    await askAll(1, 10);
    expect(pacer.ending).toEqual({ why: 'parked', untilMs: started + 86_400_000 });
  });

  test('that the service says not to repeat is left for another run', async () => {
    const { server, askAll } = await stage(() => refusal(429, 'no', { 'x-should-retry': 'false' }));
    expect(await askAll(1, 10)).toMatchObject([{ status: 'later', ending: null }]);
    expect(server.log).toHaveLength(1);
  });
});

describe('trouble of the service', () => {
  test('is tried five times, with longer and longer waits', async () => {
    const { server, askAll } = await stage((_seen, n) => (n < 5 ? refusal(529, 'overloaded') : message('{}')));
    expect(await askAll(1, 10)).toMatchObject([{ status: 'answer' }]);
    const at = server.log.map(({ atMs }) => atMs);
    expect(at.map((time, index) => time - (at[index - 1] ?? time))).toEqual([0, 500, 1000, 2000, 4000]);
  });

  test('for twenty requests opens the breaker, lets one probe through in two minutes, and ends the run', async () => {
    const { server, pacer, askAll } = await stage(() => refusal(529, 'overloaded'), { concurrency: 1 });
    const replies = await askAll(20, 10);
    expect(replies.every(({ status }) => status === 'later')).toBe(true);
    expect(pacer.ending).toEqual({ why: 'breaker' });
    const at = server.log.map(({ atMs }) => atMs);
    expect(at).toHaveLength(7);
    expect([(at[5] ?? 0) - (at[4] ?? 0), (at[6] ?? 0) - (at[5] ?? 0)]).toEqual([120_000, 120_000]);
  });

  test('that ends with a good probe lets all others through', async () => {
    const { pacer, askAll } = await stage((_seen, n) => (n <= 5 ? refusal(529, 'overloaded') : message('{}')), {
      concurrency: 2,
    });
    const replies = await askAll(6, 10);
    expect(replies.filter(({ status }) => status === 'answer').length).toBeGreaterThanOrEqual(5);
    expect(pacer.ending).toBeNull();
  });
});

test('a refused key ends the run after one request', async () => {
  const { server, pacer, askAll } = await stage(() => refusal(401, 'no'), { concurrency: 1 });
  const replies = await askAll(5, 10);
  expect(replies.map(({ status }) => status)).toEqual(['failure', 'later', 'later', 'later', 'later']);
  expect(pacer.ending).toMatchObject({ why: 'config' });
  expect(server.log).toHaveLength(1);
});

test('a run that is stopped asks nothing new and finishes what is under way', async () => {
  const { server, pacer, askAll } = await stage(
    () => {
      pacer.end({ why: 'stopped' });
      return message('{}');
    },
    { concurrency: 1 },
  );
  const replies = await askAll(3, 10);
  expect(replies.map(({ status }) => status)).toEqual(['answer', 'later', 'later']);
  expect(server.log).toHaveLength(1);
});
