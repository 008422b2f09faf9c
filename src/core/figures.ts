/** `512 B`, `1.5 kB`, `1.2 GB`: powers of 1000. */
export function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : scaled(bytes, ['kB', 'MB', 'GB', 'TB', 'PB']);
}

/** `999`, `1.2 k`, `3.4 M`, `2.0 G`. */
export function formatTokens(tokens: number): string {
  return tokens < 1000 ? String(tokens) : scaled(tokens, ['k', 'M', 'G', 'T']);
}

/** US dollars: `$0.0042` below ten cents, else cents with thousands marked: `$1,234.50`. */
export function formatUsd(usd: number): string {
  const sign = usd < 0 ? '-' : '';
  const amount = Math.abs(usd);
  if (amount > 0 && amount < 0.1) return `${sign}$${amount.toFixed(4)}`;
  return `${sign}$${grouped(amount.toFixed(2))}`;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return grouped(String(count));
}

/** `1 session`, `12 sessions`. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : several}`;
}

/** `12.5 %`, or `-` of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`;
}

function grouped(digits: string): string {
  return digits.replace(/^\d+/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ','));
}

function scaled(value: number, units: readonly string[]): string {
  let rest = value / 1000;
  let index = 0;
  // 999.95 would round to 1000.0 and belongs to the next unit.
  while (rest >= 999.95 && index < units.length - 1) {
    rest /= 1000;
    index += 1;
  }
  return `${rest.toFixed(1)} ${units[index] ?? ''}`;
}
