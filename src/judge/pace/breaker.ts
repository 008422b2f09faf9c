/** Keeps requests away from a service that fails again and again. */
export interface Breaker {
  readonly failures: number;
  /** How often it has opened in this run. */
  readonly openings: number;
  /** Until when nothing goes out; null while it is closed. */
  readonly openUntilMs: number | null;
}

const FAILURES_TO_OPEN = 5;
const OPENINGS_TO_END = 3;
const OPEN_MS = 120_000;

export const closedBreaker: Breaker = { failures: 0, openings: 0, openUntilMs: null };

/** `probe`: this one request goes out alone and decides. */
export type Admission =
  | { readonly kind: 'go' }
  | { readonly kind: 'probe' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'end' };

export function admission({ openings, openUntilMs }: Breaker, nowMs: number): Admission {
  if (openings >= OPENINGS_TO_END) return { kind: 'end' };
  if (openUntilMs === null) return { kind: 'go' };
  return nowMs < openUntilMs ? { kind: 'wait', ms: openUntilMs - nowMs } : { kind: 'probe' };
}

/** Any answer closes it, a refusal because of a limit too: the service works. */
export function worked(breaker: Breaker): Breaker {
  return { ...breaker, failures: 0, openUntilMs: null };
}

/** The fifth failure in a row opens it, and so does a failed probe. Failures of requests that were under way then change nothing. */
export function failed(breaker: Breaker, nowMs: number, wasProbe: boolean): Breaker {
  if (breaker.openUntilMs !== null && !wasProbe) return breaker;
  const failures = breaker.failures + 1;
  if (!wasProbe && failures < FAILURES_TO_OPEN) return { ...breaker, failures };
  return { failures, openings: breaker.openings + 1, openUntilMs: nowMs + OPEN_MS };
}
