import { styleText } from 'node:util';

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
    json: (document) => out.write(`${safeJson(document)}\n`),
    note: (line) => err.write(render(line, err)),
    width: out.isTTY ? Math.max(out.columns ?? UNKNOWN_WIDTH, NARROWEST) : null,
  };
}

/**
 * Text that cannot move the cursor, set a title, write the clipboard, make a link, answer into stdin or turn the
 * reading direction: every control and invisible character becomes a visible symbol. Line feeds and tabs stay.
 */
export function safeText(text: string): string {
  return text.toWellFormed().replaceAll(hazard, visible);
}

/** The same for a text that must stay on one line. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', '\u23ce').replaceAll('\t', ' ');
}

// C0 but tab and line feed, DEL, C1; soft hyphen, bidi marks and overrides, zero-width and joining characters, line and
// paragraph separators, interlinear marks, tag characters and the variation selectors that can carry hidden text.
const hazard =
  // oxlint-disable-next-line eslint/no-control-regex, eslint/no-misleading-character-class -- these are what must be found
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Unicode has a picture of each C0 control and of DEL.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** JSON whose text holds no control or invisible character: they are written as escapes and read back unchanged. */
function safeJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(hazard, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function rendered(line: Line, colour: boolean): string {
  if (typeof line === 'string') return safeText(line);
  return line.map((piece) => (typeof piece === 'string' ? safeText(piece) : painted(piece, colour))).join('');
}

function painted(ink: Ink, colour: boolean): string {
  const text = safeText(ink.text);
  return colour ? styleText(ink.style, text, { validateStream: false }) : text;
}
