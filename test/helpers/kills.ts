import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { reachedSteps, steps } from '../../src/rehearsal/step.ts';
import { scratch } from './scratch.ts';
import { treeHashes } from './store.ts';

const changing: ReadonlySet<string> = new Set(steps);

interface Left {
  /** Copies of the folder, by the moment. */
  readonly left: ReadonlyMap<string, string>;
  /** The steps that the work passed. */
  readonly reached: readonly string[];
}

/**
 * A folder as a kill of this process would have left it, at each moment of some work on it at which its files were others than at the one
 * before: nothing is lost of what was written, since the system has it.
 */
export async function leftByKills(folder: string, work: () => Promise<unknown>): Promise<Left> {
  const left = new Map<string, string>();
  let counts: Readonly<Partial<Record<string, number>>> = {};
  let last = '';
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    const now = reachedSteps();
    const name = Object.keys(now).find((step) => now[step] !== counts[step]) ?? '';
    counts = now;
    const files = JSON.stringify(treeHashes(folder));
    if (files === last || !changing.has(name)) return true;
    last = files;
    const copy = join(scratch(), 'store');
    cpSync(folder, copy, { recursive: true });
    left.set(`${name}:${now[name] ?? 0}`, copy);
    return true;
  });
  vi.stubEnv('SESH_CRASH_AT', 'every');
  try {
    await work();
  } finally {
    kill.mockRestore();
    vi.unstubAllEnvs();
  }
  return { left, reached: Object.keys(counts) };
}
