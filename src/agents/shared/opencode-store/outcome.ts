import type { Micros, Outcome } from '../../../core/event.ts';
import { asNumber, asText, isObject, type JsonObject } from '../../../core/json.ts';
import { textField, type Flags } from '../fields.ts';
import { momentOf } from './moments.ts';

interface Result {
  readonly text: string;
  readonly end: Micros | null;
  readonly outcome: Outcome;
  readonly exitCode: number | null;
  readonly durationS: number | null;
}

/** `timeout` kills a command with this exit code. */
const TIMEOUT_EXIT_CODE = 124;
/** The program's notes stand behind the output. */
const TAIL_CHARACTERS = 600;
const HEAD_CHARACTERS = 400;

/** How a call ended; null while it waits or runs. */
export function resultOf(flags: Flags, part: JsonObject, state: JsonObject): Result | null {
  const status = asText(state['status']);
  if (status === null || status === 'pending' || status === 'running' || status === 'streaming') return null;
  const metadata = isObject(state['metadata']) ? state['metadata'] : {};
  const text = textField(flags, status === 'error' ? (state['error'] ?? state['output']) : state['output']) ?? '';
  const exitCode = exitCodeOf(metadata);
  const time = isObject(state['time']) ? state['time'] : {};
  return {
    text,
    end: momentOf(flags, time['end']),
    outcome: status === 'error' ? outcomeOfError(text, metadata) : outcomeOfCompleted(part, status, text, metadata),
    exitCode,
    durationS: secondsBetween(asNumber(time['start']), asNumber(time['end'])),
  };
}

function exitCodeOf(metadata: JsonObject): number | null {
  const exit = asNumber(metadata['exit']);
  return exit !== null && Number.isSafeInteger(exit) ? exit : null;
}

/** Start and end are the tool's own, so their difference is exact (formats.md 6.4). */
function secondsBetween(start: number | null, end: number | null): number | null {
  return start === null || end === null || start <= 0 || end < start ? null : (end - start) / 1000;
}

/** A command that failed, ran too long or was stopped is `completed` all the same. */
function outcomeOfCompleted(part: JsonObject, status: string, text: string, metadata: JsonObject): Outcome {
  if (status !== 'completed') return 'unknown';
  if (part['tool'] === 'invalid') return 'error';
  const exitCode = exitCodeOf(metadata);
  // A command that ended by itself wrote its own last words.
  const note = exitCode === null || exitCode !== 0 ? noteBehind(text) : '';
  if (/terminated command after exceeding timeout|Command timed out after \d/.test(note)) return 'timeout';
  if (/User aborted the command|Command was aborted/.test(note)) return 'interrupted';
  if (exitCode !== null) return exitCode === 0 ? 'ok' : exitCode === TIMEOUT_EXIT_CODE ? 'timeout' : 'error';
  return metadata['exit'] === null ? 'unknown' : 'ok';
}

/** What the tool itself says behind a command's output: in `<bash_metadata>`, `<shell_metadata>`, or a last line in brackets. */
function noteBehind(text: string): string {
  const tail = text.slice(-TAIL_CHARACTERS);
  return /<(?:bash|shell)_metadata>[\s\S]*$|\n\(Command [^\n]*\)\s*$/.exec(tail)?.[0] ?? '';
}

function outcomeOfError(text: string, metadata: JsonObject): Outcome {
  if (metadata['interrupted'] === true) return 'interrupted';
  const head = text.slice(0, HEAD_CHARACTERS).replace(/^(?:\w*Error: )+/, '');
  return wordings.find(([, pattern]) => pattern.test(head))?.[0] ?? 'error';
}

/** Beginnings of failed results; the first that fits decides. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['rejected', /^The user rejected permission to use this|^The user dismissed this question/],
  ['denied', /^The user has specified a rule which prevents you|^This agent is not allowed to use this tool/],
  ['interrupted', /^Tool execution (?:was )?(?:aborted|interrupted)|^The operation was aborted|^Aborted$/],
  ['timeout', /^Request timed out|^The operation timed out|^MCP error -32001\b|^[^\n]{0,100}\btimed out after \d/],
];
