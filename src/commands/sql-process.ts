import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SeshError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { formatDuration } from '../core/time.ts';
import type { SqlAnswer, SqlOutcome, SqlRequest, SqlResult } from './sql-answer.ts';

const child = fileURLToPath(new URL('dist/sql-child.js', packageRoot));
/** MB of JavaScript memory for the rows of an answer. */
const CHILD_MEMORY_MB = 1024;

/** A process for one statement. */
export interface SqlChild {
  /** Runs the statement, and ends the process when the statement itself has run for `timeoutS` seconds. */
  readonly ask: (request: SqlRequest, timeoutS: number) => Promise<SqlResult>;
  readonly stop: () => void;
}

/** Starts a process that waits for a statement. */
export function startChild(): SqlChild {
  const running = fork(child, [], {
    // Nothing of the person's environment is needed, and what the engine prints must not reach stdout.
    env: {},
    execArgv: [`--max-old-space-size=${CHILD_MEMORY_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // It may end before anybody asks; whoever asks it is told then.
  const ended = endOf(running);
  ended.catch(() => undefined);
  const stop = (): void => void running.kill('SIGKILL');
  const ask = async (request: SqlRequest, timeoutS: number): Promise<SqlResult> => {
    const answer = await Promise.race([answerOf(running, request, timeoutS), ended]);
    if ('result' in answer) return answer.result;
    const { message, hint } = answer.refusal;
    throw new SeshError(message, hint === null ? {} : { hint });
  };
  return { ask, stop };
}

function answerOf(running: ReturnType<typeof fork>, request: SqlRequest, timeoutS: number): Promise<SqlOutcome> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const stop = (): void => {
      running.kill('SIGKILL');
      reject(tooLong(timeoutS));
    };
    running.on('message', (text) => {
      if (typeof text !== 'string') return;
      const answer: SqlAnswer = JSON.parse(text);
      if ('begun' in answer) timer = setTimeout(stop, timeoutS * 1000);
      else resolve(answer);
    });
    running.once('close', () => {
      clearTimeout(timer);
    });
    // A process that is gone takes no request: how it ended is told.
    running.send(JSON.stringify(request), () => undefined);
  });
}

function endOf(running: ReturnType<typeof fork>): Promise<never> {
  return new Promise((_resolve, reject) => {
    running.on('error', reject);
    // Not 'exit': the answer may still be in the channel then.
    running.once('close', (code, signal) => {
      reject(died(signal ?? `exit code ${String(code)}`));
    });
  });
}

function tooLong(timeoutS: number): SeshError {
  return new SeshError(`The statement was stopped after ${formatDuration(timeoutS)}.`, {
    hint: 'Ask for less, or give it more time with --timeout 5m.',
  });
}

function died(how: string): SeshError {
  return new SeshError(`The statement ended the process that ran it (${how}); the store is unharmed.`, {
    hint: 'It may have needed too much memory: ask for fewer rows or shorter texts.',
  });
}
