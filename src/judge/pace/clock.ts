import { setTimeout as wait } from 'node:timers/promises';

/** Time for everything that waits; tests bring a clock of their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Returns early, without an error, when the signal says so. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
