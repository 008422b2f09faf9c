import type { Outcome } from '../../core/event.ts';

interface Ending {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
}

/** The beginning of what the shell answers; only such a text ends with a return code. */
const shellAnswer = /^(?:Ran (?:allowlisted )?command|Command (timed out|interrupted))\b/;

/** How a tool call ended: gptme says it only in the text of the result, and 0 by saying nothing (formats.md 4.3). */
export function endingOf(text: string): Ending {
  const shell = shellAnswer.exec(text);
  if (shell !== null) return shellEnding(text, shell[1] ?? null);
  for (const [outcome, pattern] of wordings) if (pattern.test(text)) return { outcome, exitCode: null };
  return { outcome: 'ok', exitCode: null };
}

function shellEnding(text: string, stopped: string | null): Ending {
  const last = lastLine(text);
  const written = /^(?:Return code: |Process interrupted \(return code: )(-?\d{1,10})\)?$/.exec(last)?.[1];
  const exitCode = written === undefined ? null : Number(written);
  if (stopped === 'timed out') return { outcome: 'timeout', exitCode };
  if (stopped === 'interrupted' || last.startsWith('Process interrupted')) return { outcome: 'interrupted', exitCode };
  // gptme's own code for its timeout is the negative of the one that `timeout` gives.
  if (exitCode === 124 || exitCode === -124) return { outcome: 'timeout', exitCode };
  return exitCode === null ? { outcome: 'ok', exitCode: 0 } : { outcome: exitCode === 0 ? 'ok' : 'error', exitCode };
}

/** The return code stands last, but for a note that the directory has changed. */
function lastLine(text: string): string {
  const lines = text.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  return (last.startsWith('Working directory changed to: ') ? (lines.at(-2) ?? '') : last).trim();
}

/** Beginnings of results; the first that fits decides. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['rejected', /^Execution declined by user\b/],
  ['interrupted', /^Interrupted by user\b/],
  ['denied', /^(?:Background command|Command) denied:/],
  ['error', /^Error (?:executing tool '[^'\n]{0,80}'|during execution): |^Error: /],
  ['error', /^Tool '[^'\n]{1,80}' is not available for execution/],
];
