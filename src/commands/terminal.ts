import { styleText } from 'node:util';
import { visibleJson, visibleText } from '../core/visible.ts';

/** Where text goes: the process's own stream, or a list in tests. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined when unknown or not a terminal. */
  readonly columns: number | undefined;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** A piece of text with a style. */
interface Ink {
  readonly style: Style;
  readonly text: string;
}
export type Line = string | readonly (string | Ink)[];

/** The one way to stdout and stderr: whatever it is given, no control sequence of a transcript reaches the terminal. */
export interface Terminal {
  /** A line of the answer, on stdout. */
  readonly print: (line?: Line) => void;
  /** One JSON document on stdout. */
  readonly json: (document: unknown) => void;
  /** A line of the talk, on stderr. */
  readonly note: (line: Line) => void;
  /** Columns to fit tables in; null when the answer goes to a pipe or a file and nothing must be cut. */
  readonly width: number | null;
}

const UNKNOWN_WIDTH = 80;
const NARROWEST = 40;

export function openTerminal(out: Output, err: Output, env: Readonly<Record<string, string | undefined>>): Terminal {
  const colour = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  const render = (line: Line, output: Output): string => `${rendered(line, colour && output.isTTY)}\n`;
  return {
    print: (line = '') => out.write(render(line, out)),
    json: (document) => out.write(`${visibleJson(document)}\n`),
    note: (line) => err.write(render(line, err)),
    width: out.isTTY ? Math.max(out.columns ?? UNKNOWN_WIDTH, NARROWEST) : null,
  };
}

function rendered(line: Line, colour: boolean): string {
  if (typeof line === 'string') return visibleText(line);
  return line.map((piece) => (typeof piece === 'string' ? visibleText(piece) : painted(piece, colour))).join('');
}

function painted(ink: Ink, colour: boolean): string {
  const text = visibleText(ink.text);
  return colour ? styleText(ink.style, text, { validateStream: false }) : text;
}
