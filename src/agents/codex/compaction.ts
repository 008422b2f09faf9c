/** How often each of the records was seen that tell of a compaction. */
export interface Compactions {
  readonly seen: Map<string, number>;
  told: number;
}

export function newCompactions(): Compactions {
  return { seen: new Map(), told: 0 };
}

/** Whether a record is the first to tell of a compaction: several kinds of records tell of each (formats.md 2.9). */
export function isNewCompaction(compactions: Compactions, kind: string): boolean {
  const seen = (compactions.seen.get(kind) ?? 0) + 1;
  compactions.seen.set(kind, seen);
  if (seen <= compactions.told) return false;
  compactions.told = seen;
  return true;
}
