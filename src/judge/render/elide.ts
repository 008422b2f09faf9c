import type { TextBound } from '../../core/text.ts';
import { isFailingLine } from './commands.ts';

/** Of what is cut out, this many failing lines are kept from the beginning and from the end, each this long. */
const FAILING_LINES = { first: 15, last: 15, characters: 300 };

/** Keeps head and tail with a mark between that says how much is cut; with `failing` also the lines of it that say what failed. */
export function elided(text: string, bound: TextBound, failing: boolean): string {
  if (text.length <= bound.head + bound.tail + MARK) return text;
  const head = text.slice(0, atCharacter(text, bound.head));
  const end = atCharacter(text, text.length - bound.tail);
  const middle = text.slice(head.length, end);
  const lines = failing ? failingLines(middle) : [];
  const mark = `[... ${grouped(middle.length)} characters cut ...]`;
  const kept = lines.length === 0 ? [mark] : [mark, ...lines, '[... failing lines of what is cut end here ...]'];
  return [head, ...kept, text.slice(end)].join('\n');
}

/** Cutting to make room for a mark that is longer than the cut would lose text for nothing. */
const MARK = 48;

function failingLines(text: string): readonly string[] {
  const all = text.split('\n').filter(isFailingLine).map(bounded);
  const { first, last } = FAILING_LINES;
  if (all.length <= first + last) return all;
  return [
    ...all.slice(0, first),
    `[... ${grouped(all.length - first - last)} more failing lines ...]`,
    ...all.slice(-last),
  ];
}

function bounded(line: string): string {
  return line.length <= FAILING_LINES.characters ? line : line.slice(0, atCharacter(line, FAILING_LINES.characters));
}

/** Moves a cut off the middle of a surrogate pair. */
function atCharacter(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}

/** 12,345: not toLocaleString, which differs between machines. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
