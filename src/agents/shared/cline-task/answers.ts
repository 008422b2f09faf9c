import type { JsonObject } from '../../../core/json.ts';

/** How far into a result its wording is looked at. */
const HEAD_CHARACTERS = 400;

const resultMark = /^\[[a-z_]+(?: [^\n]*)?\] Result:[ \t]*$/gm;

/** The result of a tool as the next request repeats it to the model. */
export interface Answer {
  readonly text: string;
  readonly isDenied: boolean;
  readonly isFailed: boolean;
  readonly exitCode: number | null;
}

/**
 * The one result that a request's text repeats (`[execute_command for 'ls'] Result:`). Null when there is none, or several, since then
 * nothing tells which belongs to which call.
 */
export function answerIn(request: string): Answer | null {
  const marks = [...request.matchAll(resultMark)];
  const mark = marks[0];
  if (mark === undefined || marks.length > 1) return null;
  const text = withoutSurroundings(request.slice(mark.index + mark[0].length)).trim();
  const head = text.slice(0, HEAD_CHARACTERS);
  return {
    text,
    isDenied: /\bThe user denied this operation\b/.test(head),
    isFailed: head.startsWith('The tool execution failed'),
    exitCode: statedExitCode(text),
  };
}

/** The program's own words on how a command ended stand before the output. */
function statedExitCode(text: string): number | null {
  if (!/^Command\b/.test(text)) return null;
  const output = text.search(/^Output:/m);
  const words = text.slice(0, output === -1 ? HEAD_CHARACTERS : Math.min(output, HEAD_CHARACTERS));
  return exitCodeIn(/\bexit code:? (-?\d{1,10})\b/i.exec(words));
}

/** The exit code in a last line that says nothing else. */
export function exitCodeOfOutput(output: string): number | null {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return exitCodeIn(
    /^(?:(?:Command|Process) (?:exited|failed|completed|finished) with )?exit code:? (-?\d{1,10})\.?$/i.exec(
      last.trim(),
    ),
  );
}

function exitCodeIn(match: RegExpExecArray | null): number | null {
  return match?.[1] === undefined ? null : Number(match[1]);
}

/** Where the task is worked on, as the program tells the model. */
export function directoryIn(request: string): string | null {
  return /^# Current (?:Working|Workspace) Directory \(([^\n]+)\) Files$/m.exec(surroundings(request))?.[1] ?? null;
}

/** The model as the program names it to itself. */
export function modelIn(request: string): string | null {
  return /<model>([^<\s]+)<\/model>/.exec(surroundings(request))?.[1] ?? null;
}

const START = '<environment_details>';

/** What the program adds about the machine stands last in a request. */
function surroundings(request: string): string {
  const start = request.lastIndexOf(START);
  return start === -1 ? '' : request.slice(start);
}

function withoutSurroundings(text: string): string {
  const start = text.lastIndexOf(START);
  return start === -1 ? text : text.slice(0, start);
}

export function requestText(fields: JsonObject): string {
  const { request } = fields;
  return typeof request === 'string' ? request : '';
}
