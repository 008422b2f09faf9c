import type { KeywordIndex, Place } from './keywords.ts';

/** A text without what a terminal put into it; places are those of the original. */
export interface View {
  readonly text: string;
  /** What was kept, in order; between two parts something was cut out. */
  readonly parts: readonly Part[];
}

interface Part {
  /** Where it begins in the view, and in the text. */
  readonly at: number;
  readonly from: number;
  readonly length: number;
}

/** The place in the text of a place in the view. */
export function placeOf({ parts }: View, index: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.at ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  return part === undefined ? index : part.from + index - part.at;
}

/**
 * Where words stand in a view, from where they stand in its text: only across a cut there can be others, so that the view is not looked
 * through a second time.
 */
export function placesInView<Rule>(
  view: View,
  places: readonly Place<Rule>[],
  index: KeywordIndex<Rule>,
): readonly Place<Rule>[] {
  // Cuts so close to each other that the stretches around them are longer than the view.
  if (view.parts.length * 2 * index.longest > view.text.length) return index.placesIn(view.text);
  return [...placesKept(view, places), ...placesAcross(view, index)].sort((a, b) => a.at - b.at);
}

function placesKept<Rule>({ parts }: View, places: readonly Place<Rule>[]): readonly Place<Rule>[] {
  const kept: Place<Rule>[] = [];
  let next = 0;
  for (const { keyword, at } of places) {
    while ((parts[next + 1]?.from ?? Number.POSITIVE_INFINITY) <= at) next += 1;
    const part = parts[next];
    if (part === undefined || at < part.from || at + keyword.word.length > part.from + part.length) continue;
    kept.push({ keyword, at: at - part.from + part.at });
  }
  return kept;
}

function placesAcross<Rule>({ text, parts }: View, index: KeywordIndex<Rule>): readonly Place<Rule>[] {
  const reach = index.longest - 1;
  return parts.slice(1).flatMap(({ at: seam }, before) => {
    const from = Math.max(0, seam - reach);
    const earlier = before === 0 ? 0 : (parts[before]?.at ?? 0);
    return index
      .placesIn(text.slice(from, seam + reach))
      .map(({ keyword, at }) => ({ keyword, at: from + at }))
      .filter(({ keyword, at }) => at < seam && at + keyword.word.length > seam && at >= earlier);
  });
}

const escapes = new RegExp(
  String.raw`\u001b(?:\[[0-9;:?]{0,32}[A-Za-z]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\))`,
  'g',
);

/** Colours and links removed; null when there are none. */
export function withoutEscapes(text: string): View | null {
  if (!text.includes('\u001b')) return null;
  return without(text, text.matchAll(escapes));
}

/** Narrower lines are not broken by a terminal. */
const NARROWEST = 60;

/** Lines that end where the terminal does, joined; null when no two lines in a row are equally wide. */
export function withoutWraps(text: string): View | null {
  if (text.length <= NARROWEST) return null;
  const breaks: { readonly index: number; readonly length: number }[] = [];
  let start = 0;
  let before = -1;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    const width = end - start - (text.charCodeAt(end - 1) === 13 ? 1 : 0);
    if (
      width >= NARROWEST &&
      (width === before || width === 80 || start === 0) &&
      !isBlank(text, start + width - 1) &&
      !isBlank(text, end + 1)
    ) {
      breaks.push({ index: start + width, length: end + 1 - start - width });
    }
    before = width;
    start = end + 1;
  }
  return breaks.length === 0 ? null : cutOut(text, breaks);
}

function isBlank(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return !(code > 32);
}

function without(text: string, matches: Iterable<RegExpExecArray>): View | null {
  const cuts = Array.from(matches, (match) => ({ index: match.index, length: match[0].length }));
  return cuts.length === 0 ? null : cutOut(text, cuts);
}

function cutOut(text: string, cuts: readonly { readonly index: number; readonly length: number }[]): View {
  const parts: Part[] = [];
  let shown = '';
  let from = 0;
  for (const cut of [...cuts, { index: text.length, length: 0 }]) {
    parts.push({ at: shown.length, from, length: cut.index - from });
    shown += text.slice(from, cut.index);
    from = cut.index + cut.length;
  }
  return { text: shown, parts };
}
