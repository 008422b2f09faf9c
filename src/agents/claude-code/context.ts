/** Blocks that the program puts before a prompt or after a result; what remains is the text itself (formats.md 1.9). */
interface Stripped {
  readonly text: string;
  /** The removed blocks, or null when there was nothing to remove. */
  readonly context: string | null;
}

const REMINDER = 'system-reminder';
const promptContext = [REMINDER, 'ide_opened_file', 'ide_selection', 'ide_diagnostics', 'post-tool-use-hook'];

export function stripPrompt(text: string): Stripped {
  return strip(text, promptContext);
}

export function stripResult(text: string): Stripped {
  return strip(text, [REMINDER]);
}

function strip(text: string, tags: readonly string[]): Stripped {
  const removed: string[] = [];
  let start = contentStart(text, 0);
  for (let end = leadingBlockEnd(text, start, tags); end > start; end = leadingBlockEnd(text, start, tags)) {
    removed.push(text.slice(start, end));
    start = contentStart(text, end);
  }
  let stop = contentEnd(text, text.length);
  for (let begin = trailingBlockStart(text, start, stop); begin < stop; begin = trailingBlockStart(text, start, stop)) {
    removed.push(text.slice(begin, stop));
    stop = contentEnd(text, begin);
  }
  if (removed.length === 0) return { text, context: null };
  return { text: text.slice(start, Math.max(start, stop)), context: removed.join('\n') };
}

/** Where the block that begins at `start` ends; `start` itself when none of the tags begins there. */
function leadingBlockEnd(text: string, start: number, tags: readonly string[]): number {
  if (text.charAt(start) !== '<') return start;
  const tag = tags.find((name) => text.startsWith(`<${name}>`, start));
  if (tag === undefined) return start;
  const close = `</${tag}>`;
  const end = text.indexOf(close, start);
  return end === -1 ? start : end + close.length;
}

/** Where a reminder that ends at `stop` begins; `stop` itself when there is none. */
function trailingBlockStart(text: string, start: number, stop: number): number {
  if (!text.endsWith(`</${REMINDER}>`, stop)) return stop;
  const begin = text.lastIndexOf(`<${REMINDER}>`, stop);
  return begin < start ? stop : begin;
}

function contentStart(text: string, from: number): number {
  let index = from;
  while (index < text.length && isSpace(text.charCodeAt(index))) index += 1;
  return index;
}

function contentEnd(text: string, from: number): number {
  let index = from;
  while (index > 0 && isSpace(text.charCodeAt(index - 1))) index -= 1;
  return index;
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}
