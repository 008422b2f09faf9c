import type { Outcome } from '../../core/event.ts';

interface ResultFacts {
  /** `status` of `toolCallResult`, null where the line has none. */
  readonly status: string | null;
  readonly errorType: string | null;
  readonly text: string;
  /** The response came as an error. */
  readonly isError: boolean;
  readonly isShell: boolean;
}

interface Result {
  readonly outcome: Outcome;
  readonly exitCode: number | null;
}

/** How far into a text its wording is looked at: enough for every known beginning, never for the output behind it. */
const HEAD_CHARACTERS = 400;
const TAIL_CHARACTERS = 4000;

/** How a call ended. A command that fails has the status `success`: only its text tells. */
export function resultOf(facts: ResultFacts): Result {
  const end = facts.isShell ? commandEnd(facts.text) : noEnd;
  return { outcome: outcomeOf(facts, end), exitCode: end.exitCode };
}

function outcomeOf({ status, errorType, text, isError }: ResultFacts, end: CommandEnd): Outcome {
  const head = text.slice(0, HEAD_CHARACTERS).trimStart();
  if (status === 'cancelled' || head.startsWith('[Operation Cancelled]')) return outcomeOfCancelled(head);
  if (errorType === 'execution_denied') return 'denied';
  const isFailure = status === 'error' || isError;
  for (const [outcome, where, pattern] of wordings) {
    if ((where === 'anywhere' || isFailure) && pattern.test(head)) return outcome;
  }
  if (end.exitCode === 124) return 'timeout';
  if (isFailure || (end.exitCode !== null && end.exitCode !== 0) || end.wasKilled) return 'error';
  // Sub-agents and older versions write no status: a response that is no error went well.
  return status === null || status === 'success' ? 'ok' : 'unknown';
}

/** The person said no to this call, or stopped everything. */
function outcomeOfCancelled(head: string): Outcome {
  if (/timed out|exceeded the timeout/i.test(head)) return 'timeout';
  return /did not allow|User denied|\bDenied\b|\brejected\b|\bdeclined\b/i.test(head) ? 'rejected' : 'interrupted';
}

/** Beginnings of results; the first that fits decides. Of a tool that went well, only the shell's own words are looked at. */
const wordings: readonly (readonly [Outcome, 'anywhere' | 'failures', RegExp])[] = [
  ['timeout', 'anywhere', /^Command timed out after \d+ ?ms before it could complete/],
  ['timeout', 'anywhere', /^Command was automatically cancelled because it exceeded the timeout/],
  ['interrupted', 'anywhere', /^Command was cancelled by user before it could (?:complete|start)/],
  ['denied', 'failures', /^(?:Error: )?Qwen Code requires permission to use /],
  ['denied', 'failures', /^(?:Error: )?Tool execution denied by policy/],
  [
    'hook_blocked',
    'failures',
    /^(?:Error: )?(?:Tool execution blocked: |(?:Tool )?[Ee]xecution (?:stopped|blocked) by hook|Blocked by hook)/,
  ],
  ['timeout', 'failures', /^(?:Error: )?(?:MCP error -32001\b|Request timed out)/],
];

interface CommandEnd {
  readonly exitCode: number | null;
  readonly wasKilled: boolean;
}

const noEnd: CommandEnd = { exitCode: null, wasKilled: false };

/** The lines that the shell tool writes behind the output; advice to the model may follow after an empty line. */
function commandEnd(text: string): CommandEnd {
  const tail = text.slice(-TAIL_CHARACTERS).trimEnd();
  return trailer(tail) ?? trailer(tail.slice(0, Math.max(0, tail.lastIndexOf('\n\n')))) ?? noEnd;
}

function trailer(tail: string): CommandEnd | null {
  const fields = new Map<string, string>();
  for (const line of tail.split('\n').reverse()) {
    const [, name, value] = /^(Exit Code|Signal|Background PIDs|Process Group PGID): (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) break;
    if (!fields.has(name)) fields.set(name, value);
  }
  if (fields.size === 0) return null;
  const code = fields.get('Exit Code') ?? '';
  const signal = fields.get('Signal') ?? '(none)';
  return {
    exitCode: /^-?\d{1,10}$/.test(code) ? Number(code) : null,
    wasKilled: signal !== '(none)' && signal !== '0',
  };
}
