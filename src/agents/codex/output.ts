import { asBoolean, asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { canonical } from '../shared/keys.ts';
import { contentText } from './content.ts';

/** How a script of code mode ended, as its output says. */
type ScriptEnd = 'completed' | 'failed' | 'running' | 'terminated';

/** What the output of a call says, in any of its five shapes (formats.md 2.4). */
export interface Output {
  /** What the tool printed, without the lines that Codex puts before it where these say no more than the fields here. */
  readonly text: string;
  readonly exitCode: number | null;
  readonly durationS: number | null;
  /** The terminal session in which the command goes on. */
  readonly terminal: string | null;
  readonly script: ScriptEnd | null;
  /** Of very old builds. */
  readonly success: boolean | null;
}

/** Header lines are few and short; `Command:` may bring a long one. */
const HEADER_CHARACTERS = 8000;
const header =
  /^(?:Exit code: |Chunk ID: |Wall time:? |Process exited with |Process running with |Script (?:completed|failed|running|terminated))/;
const ending = /^(?:Output|Script error):\r?$/;
const between = /^(?:Original token count|Total output lines): \d+\r?$/;

export function outputOf(written: Json | undefined): Output {
  if (typeof written === 'string') return structuredOutput(written) ?? headedOutput(written);
  if (!isObject(written)) return headedOutput(contentText(written));
  const content = written['content'] ?? written['output'];
  const output = outputOf(content === undefined || isObject(content) ? canonical(written) : content);
  return { ...output, success: asBoolean(written['success']) };
}

function said(text: string, known: Partial<Output>): Output {
  return { text, exitCode: null, durationS: null, terminal: null, script: null, success: null, ...known };
}

/** Shape a: `{"output":"...","metadata":{"exit_code":1,"duration_seconds":0.3}}`. */
function structuredOutput(written: string): Output | null {
  if (!written.startsWith('{') || !/\}\s*$/.test(written.slice(-20)) || !written.includes('"metadata"')) return null;
  const value = parsed(written);
  const metadata = value?.['metadata'];
  if (value === null || !isObject(metadata) || typeof value['output'] !== 'string') return null;
  return said(value['output'], {
    exitCode: asNumber(metadata['exit_code']),
    durationS: asNumber(metadata['duration_seconds']),
  });
}

function parsed(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Shapes b to e: header lines, `Output:`, and what was printed; a text without them is all output. */
function headedOutput(text: string): Output {
  const lines = text.slice(0, HEADER_CHARACTERS).split('\n');
  const headers: string[] = [];
  let at = 0;
  let index = text.startsWith('Command: ') ? firstHeader(lines) : 0;
  for (let skipped = 0; skipped < index; skipped += 1) at += (lines[skipped]?.length ?? 0) + 1;
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const isEnd = ending.test(line);
    if (!isEnd && !header.test(line) && !between.test(line)) break;
    at += line.length + 1;
    if (isEnd) return headed(text, headers.join('\n'), headers.length === 0 ? null : at);
    headers.push(line);
  }
  return headed(text, headers.join('\n'), null);
}

/** Some builds of 2026 write the command first. */
function firstHeader(lines: readonly string[]): number {
  return Math.max(
    0,
    lines.findIndex((line) => header.test(line)),
  );
}

function headed(text: string, headers: string, bodyAt: number | null): Output {
  const first = (pattern: RegExp): string | null => pattern.exec(headers)?.[1] ?? null;
  const script = scriptEnd(first(/^Script (\w+)/));
  const exit = first(/^(?:Exit code:|Process exited with code) (-?\d{1,10})\b/m);
  const terminal = first(/^Process running with session ID (\S+)/m);
  const known = {
    exitCode: asNumber(exit),
    durationS: asNumber(first(/^Wall time:? (\d+(?:\.\d+)?) seconds/m)),
    terminal,
    script,
  };
  // What still runs, or broke, is only told by the header.
  const isTold = terminal === null && (script === null || script === 'completed');
  return said(bodyAt !== null && isTold ? text.slice(bodyAt) : text, known);
}

function scriptEnd(word: string | null): ScriptEnd | null {
  return word === 'completed' || word === 'failed' || word === 'running' || word === 'terminated' ? word : null;
}

/** What scripts print when they print the object that a command gave: its exit codes, in order (formats.md 2.5). */
export function printedExitCodes(text: string): readonly number[] {
  return [...text.matchAll(printedCode)].map((match) => Number(match[1] ?? match[2]));
}

const printedCode =
  /"wall_time_seconds"\s*:\s*[\d.]+\s*,\s*"exit_code"\s*:\s*(-?\d{1,10})\b|\{(?<=^\s*\{)\s*"exit_code"\s*:\s*(-?\d{1,10})\b/gm;

/** `asText` for an output's own words, where a tool of a server failed. */
export function errorText(result: Json | undefined): string | null {
  return asText(result) ?? (isObject(result) ? asText(result['message']) : null);
}
