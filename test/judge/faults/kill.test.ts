import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../../helpers/scratch.ts';
import { compileFolders } from '../../lake/helpers/compiled.ts';
import { published } from '../helpers/judging.ts';
import { goOnFrom, killAt, undisturbed } from './helpers/kill.ts';
import { comparedColumns, sentIn, verdictsIn } from './helpers/rules.ts';

// A sample of what `npm run kill:judge` does whole: there every line of 20 sessions is killed at, in every step, and every step of
// the table. Here the ledger is cut where a kill would leave it, at every line; real processes are killed once a kind of line.
const project = compileFolders(['test/judge/helpers', 'test/judge/faults']);
const store = (): string => join(scratch(), 'store');

/** The ledger as it is after each line, and torn in the middle of the next one. */
function cuts(ledger: string): readonly string[] {
  const lines = ledger.split('\n').slice(0, -1);
  return lines.flatMap((line, index) => {
    const whole = lines.slice(0, index).map((kept) => `${kept}\n`);
    return [whole.join(''), [...whole, line.slice(0, line.length / 2)].join('')];
  });
}

describe('a ledger that ends anywhere, whole or torn', () => {
  test('loses no paid answer, asks again for nothing but what was under way, and ends in the same verdicts', async () => {
    const plan = { count: 4, provider: 'anthropic', batch: false, keeps: 'ledger' } as const;
    const { ledger } = await undisturbed({ ...plan, store: store() });
    expect(verdictsIn(ledger)).toHaveLength(4);
    const broken: string[] = [];
    for (const cut of cuts(ledger)) {
      // The worst case: what was written down as sent did reach the service.
      const before = { asked: sentIn(cut), made: [], ended: false };
      broken.push(...(await goOnFrom(cut, { ...plan, store: store() }, before, verdictsIn(ledger))));
    }
    expect(broken).toEqual([]);
  });

  test.each(['anthropic', 'openai'] as const)('puts no question into two batches of %s', async (provider) => {
    const plan = { count: 2, provider, batch: true, keeps: 'ledger' } as const;
    const { ledger, made } = await undisturbed({ ...plan, store: store() });
    expect(verdictsIn(ledger)).toHaveLength(2);
    // A line that is torn was not safe yet, so nothing came after it.
    const has = (cut: string, type: string): boolean =>
      cut.slice(0, cut.lastIndexOf('\n') + 1).includes(`"type":"${type}"`);
    const broken: string[] = [];
    for (const cut of cuts(ledger)) {
      // Between the intent and the id nobody knows whether the batch was made: both are tried.
      const reached = has(cut, 'batch') ? [made] : has(cut, 'batch_intent') ? [made, []] : [[]];
      for (const batches of reached) {
        const before = { asked: new Map(), made: batches, ended: has(cut, 'response') };
        broken.push(...(await goOnFrom(cut, { ...plan, store: store() }, before, verdictsIn(ledger))));
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('kill -9', () => {
  const plan = { project, killedRun: 1, count: 2, provider: 'anthropic', batch: false, keeps: 'ledger' } as const;

  // The lines of the first session: intent, sent, response, verdict.
  test('at a line of every kind breaks no rule', { timeout: 120_000 }, async () => {
    const { ledger } = await undisturbed({ ...plan, store: store() });
    for (const step of ['append:written:2', 'append:before:3', 'append:written:3', 'append:after:4']) {
      const { killed, broken } = await killAt(step, { ...plan, store: store() }, verdictsIn(ledger));
      expect({ step, killed, broken }).toEqual({ step, killed: true, broken: [] });
    }
  });

  test.each([
    ['handed in', 1, 'append:after:3'],
    ['taken in', 2, 'append:written:1'],
  ] as const)('while a batch is %s breaks no rule', async (_what, killedRun, step) => {
    const batch = { ...plan, killedRun, batch: true };
    const { ledger } = await undisturbed({ ...batch, store: store() });
    const { killed, broken } = await killAt(step, { ...batch, store: store() }, verdictsIn(ledger));
    expect({ killed, broken }).toEqual({ killed: true, broken: [] });
  });

  // The verdicts are in the ledger: before the table gets them, and when it has them and the ledger does not know.
  test.each(['copy:before:1', 'create:linked:2'])(
    'at %s, when the table gets the verdicts, leaves a store that the next run finishes',
    async (step) => {
      const whole = { ...plan, keeps: 'table' } as const;
      const calm = { ...whole, store: store() };
      const { ledger } = await undisturbed(calm);
      const disturbed = { ...whole, store: store() };
      const { killed, broken } = await killAt(step, disturbed, verdictsIn(ledger));
      expect({ killed, broken }).toEqual({ killed: true, broken: [] });
      expect(await published(disturbed.store, comparedColumns)).toEqual(await published(calm.store, comparedColumns));
    },
  );
});
