import { judgeInBatches } from '../../../../src/judge/batch/run.ts';
import { judgeSessions } from '../../../../src/judge/run.ts';
import { FakeClock } from '../../helpers/clock.ts';
import { judging, sessions, testOptions } from '../../helpers/judging.ts';

/** One run of the judge, in this process or in one that is killed. */
export interface Setting {
  readonly url: string;
  readonly store: string;
  readonly count: number;
  readonly provider: 'anthropic' | 'openai';
  readonly batch: boolean;
  /** `ledger`: neither lock nor table, for many runs of which only the ledger matters. */
  readonly keeps: 'table' | 'ledger';
}

/** Judges sessions s1 to sN one after the other, from wherever an earlier run left them. */
export async function runOnce({ url, store, count, provider, batch, keeps }: Setting): Promise<void> {
  const limits = { concurrency: 1 };
  const withoutTable = keeps === 'ledger';
  const { close, ...effects } = await judging({ url, store, provider, limits, withoutTable, clock: new FakeClock() });
  try {
    const { batches } = effects.provider;
    if (!batch) await judgeSessions(sessions(count), testOptions, effects);
    else if (batches !== null) await judgeInBatches(sessions(count), testOptions, effects, batches);
  } finally {
    await close();
  }
}
