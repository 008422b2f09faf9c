import type { Outcome } from '../../core/event.ts';
import type { Output } from './output.ts';

/** How far into a text its wording is looked at: enough for every known beginning, never for the output behind it. */
const HEAD_CHARACTERS = 400;
/** Exit code of `timeout`, and of Codex's own limit. */
const TIMED_OUT = 124;

/** Beginnings of texts of calls that did not do what they were called for; the first that fits decides (formats.md 2.4). */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  [
    'rejected',
    /^(?:err: |execution error: |exec_command failed for [^\n]{0,200})?[^\n]{0,80}\brejected by (?:the )?user\b/i,
  ],
  ['interrupted', /^(?:Wall time: [\d.]+ seconds\r?\n)?aborted by user\b/],
  ['timeout', /^(?:failed in sandbox \S+ with execution error: |execution error: |err: )?command timed out\b/],
  ['timeout', /^(?:err: |tool call error: |execution error: )[^\n]{0,200}\btimed out\b/],
  [
    'denied',
    /^(?:err: |execution error: |exec_command failed for )?[^\n]{0,300}\b(?:blocked|forbidden|rejected) by (?:the )?policy\b/i,
  ],
  ['denied', /^(?:err: |execution error: )?(?:patch rejected: )?writing (?:is blocked|outside of the project)/i],
  [
    'error',
    /^(?:failed to parse function arguments|unsupported (?:custom tool )?call|(?:exec_command|write_stdin) failed)\b/,
  ],
  ['error', /^(?:execution error|tool call error|err|error|Error): /],
  ['error', /^(?:apply_patch verification failed|patch rejected|collab spawn failed|unable to locate image)\b/],
];

const sandbox = /^(?:failed in sandbox|sandbox denied|Sandbox\(Denied)/;
/** Early versions called every failure in the sandbox a denial: only the system's own words tell a real one. */
const sandboxWords =
  /operation not permitted|permission denied|read-only file system|failed to write file|could not resolve host|network is unreachable/i;

/** How a call ended, from what its output says. */
export function outcomeOf(output: Output, isShell: boolean): Outcome {
  const { text, exitCode, terminal, script } = output;
  const head = text.slice(0, HEAD_CHARACTERS).trimStart();
  if (exitCode !== null) return outcomeOfExit(exitCode, head);
  if (terminal !== null || script === 'running') return 'unknown';
  if (script === 'terminated') return 'cancelled';
  if (sandbox.test(head)) return outcomeInSandbox(text, head);
  const worded = wordings.find(([, pattern]) => pattern.test(script === 'failed' ? behindHeader(head) : head))?.[0];
  if (worded !== undefined) return worded;
  if (script === 'failed' || output.success === false) return 'error';
  return isShell && script === null && output.success === null ? 'unknown' : 'ok';
}

export function outcomeOfExit(exitCode: number, head: string): Outcome {
  if (exitCode === 0) return 'ok';
  return exitCode === TIMED_OUT || /^command timed out\b/.test(head) ? 'timeout' : 'error';
}

/** The exit code in a sandbox's complaint. */
export function sandboxExitCode(text: string): number | null {
  const head = text.slice(0, HEAD_CHARACTERS);
  const digits = sandbox.test(head) ? /\bexit code: (-?\d{1,10})\b/.exec(head)?.[1] : undefined;
  return digits === undefined ? null : Number(digits);
}

/** The seconds after which a person stopped a command. */
export function secondsUntilAbort(text: string): number | null {
  const digits = /^aborted by user after (\d+(?:\.\d+)?)s\b/.exec(text.slice(0, HEAD_CHARACTERS))?.[1];
  return digits === undefined ? null : Number(digits);
}

function outcomeInSandbox(text: string, head: string): Outcome {
  if (/\bcommand timed out\b/.test(head)) return 'timeout';
  const exit = /\bexit code: -?\d+/.exec(head);
  if (exit === null) return 'denied';
  return sandboxWords.test(text.slice(exit.index, HEAD_CHARACTERS * 10)) ? 'denied' : 'error';
}

function behindHeader(head: string): string {
  return head.replace(
    /^Script failed[^\n]*\n(?:Wall time[^\n]*\n)?(?:Output:\s*\n)?(?:Script error:\s*\n)?(?:Error: )?/,
    '',
  );
}
