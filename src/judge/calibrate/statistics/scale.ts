/** The labels that raters choose from. Numbers stand in their order; labels in words have none and no values. */
export interface Scale {
  readonly labels: readonly string[];
  readonly values: readonly number[] | null;
}

/** The judge's own scale. */
export const scoreScale: Scale = { labels: ['1', '2', '3', '4', '5'], values: [1, 2, 3, 4, 5] };

/** The scale of the labels that were really given; as soon as one of them is no number, none has a value. */
export function scaleOf(given: Iterable<string>): Scale {
  const labels = [...new Set(given)];
  if (!labels.every(isNumber)) return { labels: labels.toSorted(), values: null };
  const ordered = labels.toSorted((a, b) => Number(a) - Number(b));
  return { labels: ordered, values: ordered.map(Number) };
}

/** One spelling for each number, so that `1`, `1.0` and `+1` are the same label. */
export function labelOf(text: string): string {
  return isNumber(text) ? String(Number(text)) : text;
}

function isNumber(text: string): boolean {
  return /^[+-]?\d{1,9}(\.\d{1,6})?$/.test(text);
}
