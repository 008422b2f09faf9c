/** What went out within the last minute, oldest first. */
export interface RollingWindow {
  /** Null: no limit. */
  readonly limit: number | null;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly id: number;
  readonly atMs: number;
  readonly amount: number;
}

/** A second longer than the services' minute: requests do not arrive in the rhythm in which they leave. */
export const WINDOW_MS = 61_000;

export function emptyWindow(limit: number | null): RollingWindow {
  return { limit, entries: [] };
}

/** Milliseconds until `amount` more fits; more than the limit itself fits into an empty window. */
export function waitFor({ limit, entries }: RollingWindow, amount: number, nowMs: number): number {
  if (limit === null) return 0;
  const live = entries.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
  let used = live.reduce((sum, entry) => sum + entry.amount, 0);
  let wait_ms = 0;
  for (const entry of live) {
    if (used + amount <= limit) break;
    used -= entry.amount;
    wait_ms = entry.atMs + WINDOW_MS - nowMs;
  }
  return wait_ms;
}

export function reserve(window: RollingWindow, entry: Entry): RollingWindow {
  const live = window.entries.filter(({ atMs }) => atMs > entry.atMs - WINDOW_MS);
  return { ...window, entries: [...live, entry] };
}

/** Puts what a request really used in the place of what was expected of it. */
export function correct(window: RollingWindow, id: number, amount: number): RollingWindow {
  return { ...window, entries: window.entries.map((entry) => (entry.id === id ? { ...entry, amount } : entry)) };
}
