/** How much of a text is kept: the first `head` and the last `tail` characters (UTF-16 units). */
export interface TextBound {
  readonly head: number;
  readonly tail: number;
}

/**
 * Text that every reader downstream can carry: no lone surrogates (DuckDB and model APIs refuse them),
 * NUL made visible as U+2400. Second value: whether something had to be replaced.
 */
export function wellFormed(text: string): { readonly text: string; readonly changed: boolean } {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  const clean = formed.includes('\u0000') ? formed.replaceAll('\u0000', '\u2400') : formed;
  return { text: clean, changed: clean !== text };
}

/** Keeps head and tail of a long text with a mark between that says how much is left out. */
export function boundText(text: string, bound: TextBound): string {
  const cut = cutPlaces(text, bound);
  if (cut === null) return text;
  return `${text.slice(0, cut.head)}\n[... ${cut.tail - cut.head} characters left out ...]\n${text.slice(cut.tail)}`;
}

/** Where the head ends and the tail begins; null when the whole text is kept. */
export function cutPlaces(text: string, bound: TextBound): { readonly head: number; readonly tail: number } | null {
  if (text.length <= bound.head + bound.tail + MARK_MARGIN) return null;
  return { head: atCharacter(text, bound.head), tail: atCharacter(text, text.length - bound.tail) };
}

/** Cutting to make room for a mark that is longer than the cut would lose text for nothing. */
const MARK_MARGIN = 64;

/** Moves a cut off the middle of a surrogate pair. */
function atCharacter(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff ? index - 1 : index;
}
