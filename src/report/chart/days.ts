const DAY_MS = 86_400_000;

/** Every date from the first to the last, both included, as the views write them: `2026-02-09`. */
export function dayNames(first: string, last: string): readonly string[] {
  const from = Date.parse(`${first}T00:00:00Z`);
  const days = Math.round((Date.parse(`${last}T00:00:00Z`) - from) / DAY_MS) + 1;
  return Array.from({ length: days }, (_, index) => new Date(from + index * DAY_MS).toISOString().slice(0, 10));
}
