/** How many requests may be under way at once: a little more after every success, much less after a refusal. */
export interface Concurrency {
  readonly most: number;
  readonly target: number;
  /** Successes since the last change. */
  readonly successes: number;
  readonly lastCutMs: number;
  readonly growthFromMs: number;
}

const CUT = 0.7;
const CUT_PAUSE_MS = 15_000;

export function startingConcurrency(most: number): Concurrency {
  return { most, target: most, successes: 0, lastCutMs: Number.NEGATIVE_INFINITY, growthFromMs: 0 };
}

/** One more, once as many requests succeeded as may be under way. */
export function afterSuccess(state: Concurrency, nowMs: number): Concurrency {
  if (nowMs < state.growthFromMs || state.target >= state.most) return { ...state, successes: 0 };
  const successes = state.successes + 1;
  if (successes < state.target) return { ...state, successes };
  return { ...state, successes: 0, target: state.target + 1 };
}

/** Too much at once: down to seven tenths, once for all requests that are refused together. */
export function afterLimit(state: Concurrency, nowMs: number, waitMs: number): Concurrency {
  const growthFromMs = Math.max(state.growthFromMs, nowMs + CUT_PAUSE_MS, nowMs + waitMs);
  if (nowMs - state.lastCutMs < CUT_PAUSE_MS) return { ...state, successes: 0, growthFromMs };
  const target = Math.max(1, Math.floor(state.target * CUT));
  return { ...state, successes: 0, target, lastCutMs: nowMs, growthFromMs };
}

/** Trouble of the service's own says nothing about how much it takes: no growth for a while, and no cut. */
export function afterTrouble(state: Concurrency, nowMs: number): Concurrency {
  return { ...state, successes: 0, growthFromMs: Math.max(state.growthFromMs, nowMs + CUT_PAUSE_MS) };
}
