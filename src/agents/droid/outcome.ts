import type { Outcome } from '../../core/event.ts';

const HEAD_CHARACTERS = 400;
const TAIL_CHARACTERS = 200;
const TIMEOUT_EXIT_CODE = 124;

/** How a tool call ended: by its exit code, by its flag, by the start of its text. */
export function outcomeOf(text: string, isError: boolean | null, exitCode: number | null): Outcome {
  if (exitCode === TIMEOUT_EXIT_CODE) return 'timeout';
  if (exitCode !== null && exitCode !== 0) return 'error';
  // A block without the flag is a success, as in the API that the blocks come from, unless its text says otherwise.
  if (isError === false || (isError === null && !text.startsWith('Error: '))) return 'ok';
  const head = text.slice(0, HEAD_CHARACTERS).replace(/^Error: /, '');
  return wordings.find(([, pattern]) => pattern.test(head))?.[0] ?? 'error';
}

/** The exit code that the shell tool writes at the start of a failure or as the last line of the output. */
export function exitCodeOf(text: string): number | null {
  const first = /^Error: Command failed \(exit code: (-?\d{1,10})\)/.exec(text)?.[1];
  const digits =
    first ?? /(?:^|\n)\[Process exited with code (-?\d{1,10})\]\s*$/.exec(text.slice(-TAIL_CHARACTERS))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Beginnings of failed results; the first that fits decides. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['timeout', /^(?:Command|Request|Tool execution) timed out\b/i],
  ['interrupted', /^[^\n]{0,80}\b(?:interrupted|aborted) by (?:the )?user\b/i],
  ['rejected', /^[^\n]{0,80}\b(?:cancelled|rejected|declined) by (?:the )?user\b/i],
];
