import type { Outcome } from '../../core/event.ts';

interface ResultFacts {
  /** Null when the record does not say it. */
  readonly failed: boolean | null;
  readonly text: string;
  readonly exitCode: number | null;
}

const TIMEOUT_EXIT_CODE = 124;

/** A refusal is written as an ordinary result, so its wording comes first. */
export function outcomeOf({ failed, text, exitCode }: ResultFacts): Outcome {
  const head = text.slice(0, HEAD_CHARACTERS).trimStart();
  for (const [outcome, pattern] of refusals) if (pattern.test(head)) return outcome;
  if (exitCode !== null && exitCode !== 0) return exitCode === TIMEOUT_EXIT_CODE ? 'timeout' : 'error';
  if (failed === null) return 'unknown';
  if (!failed) return 'ok';
  return /\btimed out\b|^timeout\b/i.test(head) ? 'timeout' : 'error';
}

/** The exit code of a shell command: some versions write it into the last lines of the output. */
export function exitCodeIn(text: string): number | null {
  const digits = exitLine.exec(text.slice(-TAIL_CHARACTERS))?.[1];
  return digits === undefined ? null : Number(digits);
}

const HEAD_CHARACTERS = 400;
const TAIL_CHARACTERS = 300;
const exitLine = /(?:^|\n)(?:Command (?:failed|exited) with (?:exit )?(?:code|status)|Exit code):? (-?\d{1,10})\.?\s*$/;

const refusals: readonly (readonly [Outcome, RegExp])[] = [
  ['rejected', /^The user has declined to run this tool/],
  ['interrupted', /^Interrupted by the user/],
  ['denied', /^(?:Tool call|This tool call) was (?:denied|skipped)|^Let the user know the tool call was skipped/],
];
