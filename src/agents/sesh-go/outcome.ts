import type { Outcome } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';

interface Ending {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
}

/** How a call ended: `IsError` says whether it failed, the text in which way (formats.md 5). */
export function endingOf(text: string, isError: Json | undefined, toolName: string | null): Ending {
  if (isError === false) return { outcome: 'ok', exitCode: null };
  if (isError !== true) return { outcome: 'unknown', exitCode: null };
  for (const [outcome, pattern] of wordings) if (pattern.test(text)) return { outcome, exitCode: null };
  const exitCode = toolName === 'bash' ? exitCodeOf(text) : null;
  return { outcome: exitCode === 124 ? 'timeout' : 'error', exitCode };
}

/** The shell's last line; behind it a note may say that `grep` and its like answer with 1. */
function exitCodeOf(text: string): number | null {
  const lines = text.trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  const status = last.startsWith('note: ') ? (lines.at(-2) ?? '') : last;
  const digits = /^exit status (\d{1,10})$/.exec(status.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Beginnings of failed results; the first that fits decides. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['rejected', /^the user declined this action\b/],
  ['interrupted', /^command cancelled$/],
  ['denied', /^the gate mod (?:denied|could not rule on) /],
  ['denied', /^print mode is read-only: /],
  ['denied', /^the tool budget for this run \(\d+ calls\) is exhausted/],
  ['denied', /^path [^\n]{1,1000} is outside the working directory; stay within the project/],
  ['denied', /^refusing to touch the harness key/],
];
