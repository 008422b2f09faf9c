import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { minute, promptLine, replyLine, sessionNumber } from '../../helpers/claude.ts';
import { repository } from '../../helpers/cli.ts';

export interface RunningSync {
  readonly child: ChildProcess;
  /** Exit code or signal, and what it said on standard error. */
  readonly ended: Promise<{ readonly end: number | string; readonly stderr: string }>;
}

/** `sesh sync` of the built program in a process of its own. */
export function startSync(
  store: string,
  root: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): RunningSync {
  return startSesh(store, root, env, ['sync', '--root', root, ...args]);
}

/** `sesh vacuum` that keeps no old version. */
export function startVacuum(store: string, root: string): RunningSync {
  return startSesh(store, root, {}, ['vacuum', '--keep', '0d']);
}

function startSesh(
  store: string,
  root: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): RunningSync {
  const home = join(dirname(root), 'home');
  mkdirSync(home, { recursive: true });
  const child = spawn(process.execPath, [join(repository, 'dist', 'cli.js'), ...args], {
    cwd: home,
    env: { HOME: home, SESH_HOME: store, TZ: 'UTC', NO_COLOR: '1', SESH_NOW: '2026-02-11T16:00:00Z', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]).then(([[code, signal], stderr]) => ({
    end: typeof code === 'number' ? code : String(signal),
    stderr,
  }));
  return { child, ended };
}

/** Resolves when the run has begun to read, or has ended. */
export async function atWork(store: string, { child }: RunningSync): Promise<void> {
  const folder = join(store, 'tmp', 'import');
  while (child.exitCode === null && !(existsSync(folder) && readdirSync(folder).length >= 0)) await sleep(5);
}

/** A session of about this many megabytes: prompts and replies with long texts. */
export function writeLargeSession(root: string, n: number, megabytes: number): string {
  const session = sessionNumber(n);
  const path = join(root, `-home-ann-large-${n}`, `${session}.jsonl`);
  const words = 'the build reads one line and writes a row '.repeat(200);
  const lines: string[] = [];
  for (let index = 0, bytes = 0; bytes < megabytes * 1024 * 1024; index += 1) {
    const uuid = `${String(n).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const common = { session, uuid, at: minute(index) };
    const line =
      index % 2 === 0
        ? promptLine(common, `${index} ${words}`)
        : replyLine(common, { text: words, messageId: `msg_01large${n}x${index}`, outputTokens: index });
    lines.push(line);
    bytes += line.length + 1;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
