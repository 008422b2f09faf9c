import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { steps } from '../../../src/rehearsal/step.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { compileFolders } from '../../lake/helpers/compiled.ts';
import { published } from '../helpers/judging.ts';
import { killAt, undisturbed, type Plan } from './helpers/kill.ts';
import { comparedColumns, verdictsIn } from './helpers/rules.ts';

const items = Number(process.env['KILL_ITEMS'] ?? '20');
const only = process.env['KILL_ONLY'] ?? '';
const project = compileFolders(['test/judge/helpers', 'test/judge/faults']);
const folder = scratchForFile();
const ledgerSteps = ['append:before', 'append:written', 'append:after'] as const;

interface Row {
  readonly run: string;
  readonly step: string;
  readonly kills: number;
  /** Questions that were asked a second time: each was under way when the run was killed. */
  readonly askedTwice: number;
  readonly broken: number;
  readonly seconds: number;
}

const rows: Row[] = [];
let stores = 0;
const newStore = (): string => join(folder, `store-${(stores += 1)}`);

afterAll(() => {
  if (rows.length === 0) return;
  const sum = (part: (row: Row) => number): number => rows.reduce((total, row) => total + part(row), 0);
  const total = {
    run: 'all',
    step: '',
    kills: sum(({ kills }) => kills),
    askedTwice: sum(({ askedTwice }) => askedTwice),
    broken: sum(({ broken }) => broken),
    seconds: sum(({ seconds }) => seconds),
  };
  console.table([...rows.filter(({ kills }) => kills > 0), total]);
});

/** Kills at that step the first time, the second time, and so on, until a run is over before it; the rules that broke. */
async function killEverywhere(
  run: string,
  step: string,
  plan: Omit<Plan, 'store' | 'project'>,
  also: (store: string, calm: string) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  const startedMs = Date.now();
  const calm = newStore();
  const expected = verdictsIn((await undisturbed({ ...plan, store: calm })).ledger);
  expect(expected).toHaveLength(plan.count);
  const broken: string[] = [];
  let twice = 0;
  let kills = 0;
  for (let n = 1; ; n += 1) {
    const store = newStore();
    const ended = await killAt(`${step}:${n}`, { ...plan, project, store }, expected);
    broken.push(...ended.broken.map((rule) => `${step}:${n}: ${rule}`));
    twice += ended.askedTwice;
    await also(store, calm);
    if (!ended.killed) break;
    kills += 1;
  }
  rows.push({
    run,
    step,
    kills,
    askedTwice: twice,
    broken: broken.length,
    seconds: Math.round((Date.now() - startedMs) / 1000),
  });
  return broken;
}

const wants = (name: string): boolean => only === '' || only === name;

describe.runIf(wants('ledger'))(`each line of the ledger of ${items} sessions`, () => {
  test.each(ledgerSteps)('%s', async (step) => {
    const plan = { killedRun: 1, count: items, provider: 'anthropic', batch: false, keeps: 'ledger' } as const;
    expect(await killEverywhere(`${items} sessions`, step, plan)).toEqual([]);
  });
});

describe.runIf(wants('batch')).each(['anthropic', 'openai'] as const)('a batch of %s', (provider) => {
  describe.each([
    ['handed in', 1],
    ['taken in', 2],
  ] as const)('%s', (what, killedRun) => {
    test.each(ledgerSteps)('%s', async (step) => {
      const plan = { killedRun, count: items, provider, batch: true, keeps: 'ledger' } as const;
      expect(await killEverywhere(`${provider} batch of ${items}, ${what}`, step, plan)).toEqual([]);
    });
  });
});

describe.runIf(wants('table'))('a whole run that fills the table', () => {
  test.each(steps)('%s', async (step) => {
    const plan = { killedRun: 1, count: 2, provider: 'anthropic', batch: false, keeps: 'table' } as const;
    const broken = await killEverywhere('2 sessions and the table', step, plan, async (store, calm) => {
      expect(await published(store, comparedColumns)).toEqual(await published(calm, comparedColumns));
    });
    expect(broken).toEqual([]);
  });
});
