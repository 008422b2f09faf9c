import type { Outcome } from '../../core/event.ts';
import { isObject, type Json } from '../../core/json.ts';

interface ResultFacts {
  readonly text: string;
  /** Undefined: not said; null: said in a way that means nothing. */
  readonly isError: boolean | null | undefined;
  /** `toolUseResult` of the line: an object on success, mostly a text on failure. */
  readonly structured: Json | undefined;
  /** `toolDenialKind`, written by the newest versions. */
  readonly denialKind: string | null;
}

/** How far into a text its wording is looked at: enough for every known beginning, never for the output behind it. */
const HEAD_CHARACTERS = 400;

/** How a tool call ended, from its flags and from the start of its text (wordings: formats.md 1.6 and real files). */
export function outcomeOf(facts: ResultFacts): Outcome {
  const { structured, denialKind } = facts;
  if (denialKind !== null) return outcomeOfDenial(denialKind);
  const fields = isObject(structured) ? structured : null;
  // "No matches found", "Files differ": the exit code is an answer, not a failure.
  if (typeof fields?.['returnCodeInterpretation'] === 'string') return 'ok';
  if (typeof fields?.['timedOutAfterMs'] === 'number') return 'timeout';
  const head = headOf(facts.text);
  if (saysError(facts)) return isRefusedByTool(facts.text) ? 'denied' : outcomeOfError(head);
  if (fields?.['interrupted'] === true) return head.startsWith('Command timed out') ? 'timeout' : 'interrupted';
  return facts.isError === null ? 'unknown' : 'ok';
}

/** The exit code with which a failed command's text begins; a successful one carries none. */
export function exitCodeOf(text: string): number | null {
  const digits = /^Exit code (-?\d{1,10})\b/.exec(headOf(text))?.[1];
  return digits === undefined ? null : Number(digits);
}

function outcomeOfDenial(kind: string): Outcome {
  if (kind === 'user-rejected') return 'rejected';
  return kind.includes('hook') ? 'hook_blocked' : 'denied';
}

/** Older lines have no `is_error`, but a text in place of the structured result. */
function saysError({ isError, structured }: ResultFacts): boolean {
  if (typeof isError === 'boolean') return isError;
  if (typeof structured !== 'string') return false;
  return structured.startsWith('Error: ') || structured === 'User rejected tool use';
}

/** A guard inside the tool, for instance against `sleep`; command output never has the wrapper. */
function isRefusedByTool(text: string): boolean {
  return text.startsWith('<tool_use_error>Blocked: ');
}

function headOf(text: string): string {
  let head = text.slice(0, HEAD_CHARACTERS).trimStart();
  if (head.startsWith('<tool_use_error>')) head = head.slice('<tool_use_error>'.length).trimStart();
  return head.startsWith('Error: ') ? head.slice('Error: '.length) : head;
}

function outcomeOfError(head: string): Outcome {
  for (const [outcome, pattern] of wordings) if (pattern.test(head)) return outcome;
  return 'error';
}

/** Beginnings of failed results; the first that fits decides. */
const wordings: readonly (readonly [Outcome, RegExp])[] = [
  ['rejected', /^The user doesn't want to proceed with this tool use|^User rejected tool use/],
  ['interrupted', /^The user doesn't want to take this action right now|^\[Request interrupted by user/],
  ['interrupted', /^Interrupted by user|^Request was aborted|^The operation was aborted/],
  ['cancelled', /^Sibling tool call errored|^Cancelled: parallel tool call/],
  ['timeout', /^(?:Exit code \d+\s+)?Command timed out after|^Command did not complete within its/],
  ['timeout', /^Request timed out|^MCP error -32001\b|^timeout of \d+ ?ms exceeded/],
  ['hook_blocked', /^[A-Z]\w{2,40}(?::\S{1,80})? hook (?:blocking )?error\b/],
  ['hook_blocked', /^\w{1,40} operation blocked by hook|^Blocked by hook|^Hook \S{1,80} (?:denied|blocked)/],
  ['hook_blocked', /^(?:Execution|Operation) (?:stopped|blocked) by (?:\S{1,80} )?hook/],
  ['denied', /^Permission (?:to|for) [^\n]{1,200} (?:has been|was) denied|^Claude requested permissions? to /],
  ['denied', /^This (?:\w+ )?command (?:requires approval|contains multiple operations)/],
  ['denied', /^[^\n]{1,200} was blocked\. For security|^[^\n]{1,200} denied by your permission settings/],
  ['denied', /^[^\n]{1,200} so auto mode cannot determine/],
];
