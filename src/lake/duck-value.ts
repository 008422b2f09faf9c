/** A text that DuckDB gave; anything else means that a statement does not say what its reader thinks. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`Expected a text from DuckDB, got ${typeof value}`);
  return value;
}

/** A whole number that DuckDB gave, as a JavaScript number. */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new TypeError(`Expected a number from DuckDB, got ${typeof value}`);
  }
  return Number(value);
}
