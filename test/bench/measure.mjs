// Runs a program and says how long it took, how much processor time it used and how much memory at most.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const GNU_TIME = '/usr/bin/time';
const hasGnuTime = process.platform === 'linux' && existsSync(GNU_TIME);

/** What this machine cannot measure, one sentence each. */
export const blindSpots = hasGnuTime
  ? []
  : ['There is no GNU time: memory and processor time of sesh come from Node itself, those of ccusage are missing.'];

/**
 * One run. `wallS`: seconds from start to end of the process; `cpuS`: user and system seconds of all its threads;
 * `rssMb`: largest resident memory (MiB); the last two are null where they cannot be measured.
 */
export async function run({ program, args, env, ok = [0] }) {
  const folder = mkdtempSync(join(tmpdir(), 'sesh-measure-'));
  const report = join(folder, 'usage');
  try {
    const command = commandOf(program, args, report);
    const startMs = performance.now();
    const child = spawn(command[0], command.slice(1), { env: { ...env, SESH_BENCH_USAGE: report } });
    child.stdin.end();
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, wallS: (performance.now() - startMs) / 1000 }));
    });
    const [stdout, stderr, { code, signal, wallS }] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      ended,
    ]);
    if (!ok.includes(code)) {
      throw new Error(`${[program, ...args].join(' ')} ended with ${signal ?? `code ${code}`}\n${stderr.slice(-2000)}`);
    }
    return { wallS, ...usageOf(report), stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commandOf(program, args, report) {
  if (hasGnuTime) return [GNU_TIME, '-q', '-f', '%U %S %M', '-o', report, program, ...args];
  if (program !== process.execPath) return [program, ...args];
  return [program, '--import', join(import.meta.dirname, 'usage.mjs'), ...args];
}

function usageOf(report) {
  if (!existsSync(report)) return { cpuS: null, rssMb: null };
  const [userS, systemS, rssKb] = readFileSync(report, 'utf8').trim().split(/\s+/).map(Number);
  return { cpuS: userS + systemS, rssMb: rssKb / 1024 };
}

/** Median, least and most of the wall times; the most of memory; the median of processor time. */
export function summarise(runs) {
  const walls = runs.map(({ wallS }) => wallS).toSorted((left, right) => left - right);
  const cpus = runs.map(({ cpuS }) => cpuS).toSorted((left, right) => left - right);
  const middle = Math.floor((runs.length - 1) / 2);
  const rss = runs.every(({ rssMb }) => rssMb !== null) ? Math.max(...runs.map(({ rssMb }) => rssMb)) : null;
  return {
    runs: runs.length,
    medianS: walls[middle],
    minS: walls[0],
    maxS: walls.at(-1),
    cpuS: cpus[middle],
    rssMb: rss,
  };
}
