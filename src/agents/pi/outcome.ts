import type { Outcome } from '../../core/event.ts';

/** The shell tool writes how a command ended into the last line of its output. */
const LAST_LINE_CHARACTERS = 200;
const TIMEOUT_EXIT_CODE = 124;

/** How a tool call ended; a command that fails is an error with the code in the text. */
export function outcomeOf(text: string, isError: boolean | null, exitCode: number | null): Outcome {
  if (isError === false) return 'ok';
  if (exitCode === TIMEOUT_EXIT_CODE) return 'timeout';
  if (exitCode !== null && exitCode !== 0) return 'error';
  if (isError === null) return 'unknown';
  const line = lastLine(text);
  return wordings.find(([, pattern]) => pattern.test(line))?.[0] ?? 'error';
}

/** The exit code of a failed command; a successful one writes none. */
export function exitCodeOf(text: string): number | null {
  const digits = /^Command exited with code (-?\d{1,10})$/.exec(lastLine(text))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Whole last lines of failed results: what stands before is the command's own output. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['timeout', /^Command timed out after \d+(?:\.\d+)? seconds$/],
  ['interrupted', /^(?:Command|Operation) aborted$/],
  ['cancelled', /^Skipped due to queued user message\.?$/],
  ['hook_blocked', /^Tool execution was blocked\b/],
];

function lastLine(text: string): string {
  const tail = text.slice(-LAST_LINE_CHARACTERS).trimEnd();
  return tail.slice(tail.lastIndexOf('\n') + 1);
}
