import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '../../../../src/lake/store.ts';
import type { BatchService } from '../../helpers/batch-service.ts';
import { askedTwice, brokenRules, ledgerFile, readLedger, verdictsIn } from './rules.ts';
import { runOnce, type Setting } from './runs.ts';
import { openService, type Counts, type Service } from './service.ts';

/** A whole judging that is killed once. */
export interface Plan extends Omit<Setting, 'url'> {
  /** Where the program is, compiled. */
  readonly project: string;
  /** In which of its runs: a batch is handed in by the first one and taken in by the second. */
  readonly killedRun: 1 | 2;
}

export interface Killed {
  /** False: the run was over before it came to that step so often. */
  readonly killed: boolean;
  readonly askedTwice: number;
  readonly broken: readonly string[];
}

/** Runs of a batch that may be needed: hand in, find again what was handed in, take in. */
const MOST_RUNS = 4;

async function untilDone(setting: Setting, { batches }: Service): Promise<void> {
  for (let run = 1; run <= (setting.batch ? MOST_RUNS : 1); run += 1) {
    await runOnce(setting);
    if (verdictsIn(readLedger(setting.store)).length === setting.count) return;
    batches.end();
  }
}

type Undisturbed = Omit<Setting, 'url'>;

/** The ledger of a judging that nobody disturbs, and the batches that it made. */
export async function undisturbed(
  plan: Undisturbed,
): Promise<{ readonly ledger: string; readonly made: BatchService['made'] }> {
  const service = await openService(plan);
  await untilDone({ ...plan, url: service.url }, service);
  await service.close();
  return { ledger: readLedger(plan.store), made: service.batches.made };
}

/**
 * Takes a judging up from where the ledger was cut, and says which rules did not hold. `asked` is what the service was asked before;
 * of a batch it has `made` those.
 */
export async function goOnFrom(
  killed: string,
  plan: Undisturbed,
  before: { readonly asked: Counts; readonly made: BatchService['made']; readonly ended: boolean },
  expected: readonly object[],
): Promise<readonly string[]> {
  await openStore(plan.store, { create: true });
  mkdirSync(dirname(ledgerFile(plan.store)));
  writeFileSync(ledgerFile(plan.store), killed);
  const service = await openService(plan);
  service.batches.made.push(...before.made);
  if (before.ended) service.batches.end();
  await untilDone({ ...plan, url: service.url }, service);
  await service.close();
  const asked = added(before.asked, service.asked());
  const broken = brokenRules({ killed, finished: readLedger(plan.store), asked, count: plan.count, expected });
  return broken.map((rule) => `after ${killed.slice(-120)}: ${rule}`);
}

function added(one: Counts, other: Counts): Counts {
  return new Map([...one, ...other].map(([name]) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]));
}

/** Kills a run at that step, lets the next runs finish what it began, and says which rules did not hold. */
export async function killAt(crashAt: string, plan: Plan, expected: readonly object[]): Promise<Killed> {
  const { project, killedRun, ...rest } = plan;
  const service = await openService(plan);
  const setting = { ...rest, url: service.url };
  if (killedRun === 2) {
    await runOnce(setting);
    service.batches.end();
  }
  const killed = await runUntil(crashAt, project, setting);
  const ledger = readLedger(plan.store);
  await untilDone(setting, service);
  await service.close();
  const asked = service.asked();
  const finished = readLedger(plan.store);
  const broken = brokenRules({ killed: ledger, finished, asked, count: plan.count, expected });
  return { killed, askedTwice: askedTwice(asked), broken };
}

/** Whether the run was killed before its end. */
async function runUntil(crashAt: string, project: string, setting: Setting): Promise<boolean> {
  const child = spawn(process.execPath, [join(project, 'test/judge/faults/child.js'), JSON.stringify(setting)], {
    env: { SESH_CRASH_AT: crashAt, TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal]: unknown[] = await once(child, 'exit');
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The child ended with ${String(code)}`);
  return signal === 'SIGKILL';
}
