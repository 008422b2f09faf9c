import type { Outcome } from '../../core/event.ts';
import type { ToolResponse } from './responses.ts';

interface ResultFacts {
  readonly status: string | null;
  readonly response: ToolResponse;
  readonly isShell: boolean;
}

interface Result {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
}

/** How far into a text its wording is looked at: enough for every known beginning, never for the output behind it. */
const HEAD_CHARACTERS = 400;
const TAIL_CHARACTERS = 2000;

/** How a call ended. A command that fails has the status `success`: only its text tells (formats.md 3.5). */
export function resultOf({ status, response, isShell }: ResultFacts): Result {
  const { text, isError } = response;
  const end = isShell ? commandEnd(text) : noEnd;
  return { outcome: outcomeOf(status, text, isError, end), exitCode: end.exitCode };
}

function outcomeOf(status: string | null, text: string, isError: boolean, end: CommandEnd): Outcome {
  const head = text.slice(0, HEAD_CHARACTERS).trimStart();
  if (status === 'cancelled' || head.startsWith('[Operation Cancelled]')) return outcomeOfCancelled(head);
  const isFailure = status === 'error' || isError;
  for (const [outcome, where, pattern] of wordings) {
    if ((where === 'anywhere' || isFailure) && pattern.test(head)) return outcome;
  }
  if (end.exitCode === 124) return 'timeout';
  if (isFailure || (end.exitCode !== null && end.exitCode !== 0) || end.wasKilled) return 'error';
  return status === 'success' ? 'ok' : 'unknown';
}

/** The person said no to this call, or stopped everything: calls that wait behind a refused one end with it. */
function outcomeOfCancelled(head: string): Outcome {
  if (/exceeded the timeout|timed out/i.test(head)) return 'timeout';
  return /User denied|did not allow|\brejected\b|\bdeclined\b/i.test(head) ? 'rejected' : 'interrupted';
}

/** Beginnings of results; the first that fits decides. Output of a tool that went well is not looked at, but for the shell's own words. */
const wordings: readonly (readonly [Outcome, 'anywhere' | 'failures', RegExp])[] = [
  ['timeout', 'anywhere', /^Command was automatically cancelled because it exceeded the timeout/],
  ['interrupted', 'anywhere', /^Command was cancelled by user before it could (?:complete|start)/],
  ['denied', 'failures', /^(?:Error: )?Tool execution (?:for "[^"\n]{1,200}" )?denied by policy/],
  [
    'hook_blocked',
    'failures',
    /^(?:Error: )?(?:Tool execution blocked: |(?:Tool|Agent) execution (?:stopped|blocked) by hook)/,
  ],
  ['timeout', 'failures', /^(?:Error: )?(?:MCP error -32001\b|Request timed out)/],
];

interface CommandEnd {
  readonly exitCode: number | null;
  readonly wasKilled: boolean;
}

const noEnd: CommandEnd = { exitCode: null, wasKilled: false };

/** What the shell tool writes behind the output: the code (newer versions only when it is not 0), the signal, process ids. */
function commandEnd(text: string): CommandEnd {
  const fields = new Map<string, string>();
  const lines = withoutMask(text.slice(-TAIL_CHARACTERS)).trimEnd().split('\n');
  for (const line of lines.reverse()) {
    const [, name, value] = /^(Exit Code|Signal|Background PIDs|Process Group PGID): (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    if (!fields.has(name)) fields.set(name, value);
  }
  const code = fields.get('Exit Code') ?? '';
  const signal = fields.get('Signal') ?? '(none)';
  return {
    exitCode: /^-?\d{1,10}$/.test(code) ? Number(code) : null,
    wasKilled: signal !== '(none)' && signal !== '0',
  };
}

/** Masked output keeps its end, with a note behind it. */
function withoutMask(tail: string): string {
  return tail.replace(/(?<!\s)\s*Output too large\. [^\n]{0,500}\n<\/tool_output_masked>\s*$/, '');
}
