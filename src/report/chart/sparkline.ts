const BARS = ['\u2581', '\u2582', '\u2583', '\u2584', '\u2585', '\u2586', '\u2587', '\u2588'] as const;

/** One character a value, from nothing to the largest; a value that is not known is a gap. Empty without any. */
export function sparkline(values: readonly (number | null)[]): string {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  if (values.every((value) => value === null)) return '';
  return values
    .map((value) => {
      if (value === null) return '\u00b7';
      const height = largest === 0 ? 0 : Math.round((value / largest) * (BARS.length - 1));
      return BARS[height] ?? BARS[0];
    })
    .join('');
}
