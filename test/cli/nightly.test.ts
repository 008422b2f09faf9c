import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { promptLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { repository, runCli } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';

const line = (n: number): string =>
  promptLine({ session: sessionNumber(1), uuid: uuidNumber(n), at: `2026-02-11T10:0${n}:00.000Z` }, `step ${n}`);

/** A machine with one session in Claude Code's own place. */
function machineWithSession() {
  const machine = scratch();
  const file = join(machine, 'home', '.claude', 'projects', '-home-ann-shop', `${sessionNumber(1)}.jsonl`);
  writeLines(file, [line(1)]);
  const reports = join(machine, 'reports');
  const nightly = (now: string, ...more: readonly string[]) =>
    runCli(['nightly', '--out', reports, '--zone', 'UTC', ...more], { machine, env: { SESH_NOW: now } });
  return { machine, file, reports, nightly };
}

describe('sesh nightly', () => {
  test('syncs, writes the report of the day, and says nothing when all is well', async () => {
    const { reports, nightly } = machineWithSession();
    expect(await nightly('2026-02-11T23:00:00Z')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(reports).sort()).toEqual(['2026-02-11.json', '2026-02-11.md']);
    expect(readFileSync(join(reports, '2026-02-11.md'), 'utf8')).toContain('1 session');
    expect(statSync(join(reports, '2026-02-11.md')).mode & 0o077).toBe(0);
  });

  test('run twice over the same day writes the same bytes', async () => {
    const { reports, nightly } = machineWithSession();
    await nightly('2026-02-11T23:00:00Z');
    const first = readFileSync(join(reports, '2026-02-11.md'));
    await nightly('2026-02-11T23:00:00Z');
    expect(readFileSync(join(reports, '2026-02-11.md'))).toEqual(first);
  });

  test('never falls back to the demo: a machine without transcripts gets an empty report', async () => {
    const machine = scratch();
    const reports = join(machine, 'reports');
    const { code } = await runCli(['nightly', '--out', reports], {
      machine,
      env: { SESH_NOW: '2026-02-11T23:00:00Z' },
    });
    expect(code).toBe(0);
    expect(readFileSync(join(reports, '2026-02-11.md'), 'utf8')).not.toContain('harbor-shop');
  });

  test('drops files that only versions older than a week need', async () => {
    const { machine, file, nightly } = machineWithSession();
    for (let day = 11; day < 16; day += 1) {
      if (day > 11) appendFileSync(file, `${line(day - 9)}\n`);
      await runCli(['sync'], { machine, env: { SESH_NOW: `2026-02-${day}T23:00:00Z` } });
    }
    const month = join(machine, 'store', 'events', 'month=2026-02');
    const before = readdirSync(month).length;
    await nightly('2026-03-20T23:00:00Z');
    expect(before).toBe(5);
    // The newest version and the two before it stay, whatever their age.
    expect(readdirSync(month).length).toBe(3);
  });
});

describe('npm start', () => {
  const start = (machine: string, env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(repository, 'dist', 'start.js')], {
      cwd: machine,
      env: { HOME: join(machine, 'home'), TZ: 'UTC', NO_COLOR: '1', ...env },
      encoding: 'utf8',
    });

  test('on a machine without transcripts runs on the bundled demo, says so, and keeps no store', () => {
    const machine = scratch();
    mkdirSync(join(machine, 'home'));
    const { status, stdout, stderr } = start(machine);
    expect(status).toBe(0);
    expect(stderr).toContain('No transcripts on this machine: this is the bundled demo, in a temporary store.');
    expect(stdout).toContain('`harbor-shop`');
    expect(readdirSync(join(machine, 'reports')).sort()).toEqual([
      '2026-03-13.json',
      '2026-03-13.md',
      '2026-03-13.svg',
    ]);
    expect(readdirSync(join(machine, 'home'))).toEqual([]);
  });

  test('on a machine with old transcripts reports on the two weeks before the last event', () => {
    const { machine } = machineWithSession();
    const { status, stdout, stderr } = start(machine);
    expect(status).toBe(0);
    expect(stderr).toContain('two weeks before the last event');
    expect(stdout).toContain('1 session');
    expect(stdout).not.toContain('harbor-shop');
    expect(readdirSync(join(machine, 'reports')).sort()).toEqual(['2026-02-11.json', '2026-02-11.md']);
  });
});
