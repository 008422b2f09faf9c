import { describe, expect, test } from 'vitest';
import { makePlan, secondPlan, type PlanOptions } from '../../../src/judge/run/plan.ts';
import { parseJudgeFile } from '../../../src/judge/settings.ts';
import { scratch } from '../../helpers/scratch.ts';

const nothing: PlanOptions = {
  provider: undefined,
  model: undefined,
  baseUrl: undefined,
  requestsPerMinute: undefined,
  tokensPerMinute: undefined,
  concurrency: undefined,
  maxUsd: undefined,
  maxCalls: undefined,
};
const local = 'http://127.0.0.1:11434/v1';

async function planOf(options: Partial<PlanOptions>, yaml = '', env: Readonly<Record<string, string>> = {}) {
  const file = parseJudgeFile(yaml, 'judge.yaml');
  const world = { env, configDirectory: scratch(), nowMs: Date.parse('2026-11-21T10:00:00Z') };
  const plan = await makePlan({ ...nothing, ...options }, file, world);
  return { plan, second: await secondPlan(plan, file, world) };
}

describe('the cap of money', () => {
  // Millionths of a dollar.
  test.each([
    ['five dollars unless told', {}, '', 5_000_000],
    ['what judge.yaml says', {}, 'max_usd: 2', 2_000_000],
    ['what --max-usd says, before all else', { maxUsd: 0.25 }, 'max_usd: 2', 250_000],
    ['also less than a cent', { maxUsd: 0.000001 }, '', 1],
    ['also more than the usual', { maxUsd: 100 }, '', 100_000_000],
  ])('is %s', async (_what, options, yaml, micros) => {
    expect((await planOf(options, yaml)).plan.caps.runUsdMicros).toBeCloseTo(micros, 6);
  });

  test('of a month stands beside it, and calls are counted apart', async () => {
    expect((await planOf({ maxCalls: 7 }, 'monthly_usd: 12.5')).plan.caps).toEqual({
      runUsdMicros: 5_000_000,
      monthUsdMicros: 12_500_000,
      calls: 7,
    });
    expect((await planOf({})).plan.caps).toMatchObject({ monthUsdMicros: null, calls: null });
  });
});

describe('who judges', () => {
  test.each([
    [
      'Anthropic where both keys are set',
      {},
      '',
      { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'b' },
      'anthropic',
      'claude-sonnet-5-5',
    ],
    ['OpenAI where only its key is set', {}, '', { OPENAI_API_KEY: 'b' }, 'openai', 'gpt-5.2'],
    ['Anthropic where none is set', {}, '', {}, 'anthropic', 'claude-sonnet-5-5'],
    [
      'a server of the person where its address is given',
      { baseUrl: local, model: 'm' },
      '',
      { ANTHROPIC_API_KEY: 'a' },
      'openai-compatible',
      'm',
    ],
    ['what judge.yaml says', {}, 'provider: openai\nmodel: x', { ANTHROPIC_API_KEY: 'a' }, 'openai', 'x'],
    [
      'what the command line says, before all else',
      { provider: 'anthropic', model: 'y' },
      'provider: openai\nmodel: x',
      {},
      'anthropic',
      'y',
    ],
  ] as const)('is %s', async (_what, options, yaml, env, provider, model) => {
    const { plan } = await planOf(options, yaml, env);
    expect([plan.provider, plan.model]).toEqual([provider, model]);
  });

  test('on this machine does one thing at a time and costs nothing', async () => {
    const { plan } = await planOf({ baseUrl: local, model: 'm' });
    expect([plan.isLocal, plan.limits.concurrency]).toEqual([true, 1]);
    expect(plan.price?.source).toBe('this machine');
    expect((await planOf({ baseUrl: local, model: 'm', concurrency: 3 })).plan.limits.concurrency).toBe(3);
  });

  test('second is another one, with a price of its own and no cap of its own beside the calls', async () => {
    const { plan, second } = await planOf({ maxCalls: 4 }, 'second: { provider: openai, model: gpt-5.2 }');
    expect([plan.provider, second?.provider, second?.model]).toEqual(['anthropic', 'openai', 'gpt-5.2']);
    expect(second?.caps.calls).toBe(4);
    expect((await planOf({})).second).toBeNull();
  });
});
