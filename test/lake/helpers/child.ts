import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';

const children = resolve(import.meta.dirname, '../children');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of `test/lake/children` to its end. */
export function runChild(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [join(children, name), ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  return { code: status, signal, stdout, stderr };
}

/** Starts one of `test/lake/children`; `line` resolves with its first line of output. What it complains of goes to our stderr. */
export function startChild(
  name: string,
  args: readonly string[],
): { readonly child: ChildProcess; readonly line: Promise<string> } {
  const child = spawn(process.execPath, [join(children, name), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = new Promise<string>((done, fail) => {
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece: string) => {
      text += piece;
      if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')));
    });
    // Not 'exit': the line may still be in the pipe then.
    child.once('close', (code, signal) => {
      fail(new Error(`${name} ended (${signal ?? code}) before its first line`));
    });
  });
  return { child, line };
}

export async function ended(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? child.signalCode;
  return await new Promise((done) => {
    child.once('exit', (code, signal) => {
      done(code ?? signal);
    });
  });
}
