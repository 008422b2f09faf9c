/** A text without what a terminal put into it; places are those of the original. */
export interface View {
  readonly text: string;
  readonly placeOf: (index: number) => number;
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
  const parts: string[] = [];
  /** Where each kept part begins, in the view and in the text. */
  const begins: number[] = [0];
  const origins: number[] = [0];
  let done = 0;
  let length = 0;
  for (const cut of cuts) {
    const part = text.slice(done, cut.index);
    parts.push(part);
    length += part.length;
    done = cut.index + cut.length;
    begins.push(length);
    origins.push(done);
  }
  parts.push(text.slice(done));
  return {
    text: parts.join(''),
    placeOf: (index) => {
      let low = 0;
      let high = begins.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((begins[middle] ?? 0) <= index) low = middle;
        else high = middle - 1;
      }
      return (origins[low] ?? 0) + index - (begins[low] ?? 0);
    },
  };
}
