import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { scratch } from './scratch.ts';

/** The repository. */
export const repository: string = join(import.meta.dirname, '..', '..');

interface CliOptions {
  /** Folder that stands for the machine of a user: HOME and SESH_HOME lie in it. Default: a new one, for one test only. */
  readonly machine?: string;
  /** Added to an environment that is otherwise empty. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

interface CliResult {
  /** Exit code; null when a signal ended the program. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program as a user would, away from the home and the environment of whoever runs the tests. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const program = join(repository, 'dist', 'cli.js');
  if (!existsSync(program)) throw new Error('dist/cli.js is missing: run `npm run build` before the tests');
  const machine = options.machine ?? scratch();
  const home = join(machine, 'home');
  mkdirSync(home, { recursive: true });
  const env = { HOME: home, SESH_HOME: join(machine, 'store'), TZ: 'UTC', NO_COLOR: '1', ...options.env };
  const child = spawn(process.execPath, [program, ...args], { cwd: repository, env });
  // A program that ends without reading its input closes the pipe: that is not the test's failure.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
