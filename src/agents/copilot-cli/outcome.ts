import type { Outcome } from '../../core/event.ts';

/** What a result says about how the call ended. */
interface ResultFacts {
  /** Undefined when the record does not say it. */
  readonly success: boolean | null;
  readonly errorCode: string | null;
  readonly text: string;
  readonly exitCode: number | null;
  /** How the permission for the call was refused; null when it was not. */
  readonly refusal: Outcome | null;
}

const TIMEOUT_EXIT_CODE = 124;

/** A successful call may have run a command that failed: the tool itself did its work. */
export function outcomeOf({ success, errorCode, text, exitCode, refusal }: ResultFacts): Outcome {
  if (exitCode !== null && exitCode !== 0) return exitCode === TIMEOUT_EXIT_CODE ? 'timeout' : 'error';
  if (success === true) return 'ok';
  if (refusal !== null) return refusal;
  const named = outcomeOfCode(errorCode, text) ?? outcomeOfWording(text);
  if (named !== null) return named;
  return success === false ? 'error' : 'unknown';
}

/** `result.kind` of `permission.completed`; null for every kind of approval. */
export function outcomeOfDecision(kind: string | null): Outcome | null {
  if (kind === null || !kind.startsWith('denied')) return null;
  if (kind === 'denied-interactively-by-user') return 'rejected';
  return kind.includes('hook') ? 'hook_blocked' : 'denied';
}

/** A command's exit code in the last line of its output; two wordings are known. */
export function exitCodeIn(text: string): number | null {
  const tail = text.slice(-TAIL_CHARACTERS);
  const digits = exitLine.exec(tail)?.[1];
  return digits === undefined ? null : Number(digits);
}

const TAIL_CHARACTERS = 400;
const exitLine = /(?:^|\n)<(?:exited|shellId: [^\n<>]{1,200} completed) with exit code (-?\d{1,10})>\s*$/;
const HEAD_CHARACTERS = 400;

function outcomeOfCode(code: string | null, text: string): Outcome | null {
  if (code === null) return null;
  if (/reject/i.test(code)) return 'rejected';
  if (/denied|blocked|policy/i.test(code))
    return /\bhook\b/i.test(text.slice(0, HEAD_CHARACTERS)) ? 'hook_blocked' : 'denied';
  if (/abort|interrupt/i.test(code)) return 'interrupted';
  if (/cancel/i.test(code)) return 'cancelled';
  return /time_?d?_?out/i.test(code) ? 'timeout' : null;
}

function outcomeOfWording(text: string): Outcome | null {
  const head = text.slice(0, HEAD_CHARACTERS);
  if (head.startsWith('The user rejected this tool call')) return 'rejected';
  if (head.startsWith('Permission denied and could not request permission')) return 'denied';
  if (/^(?:Denied|Blocked) by (?:\S{1,40} )?hook/i.test(head)) return 'hook_blocked';
  return /^(?:\w{1,40} )?timed out/i.test(head) ? 'timeout' : null;
}
