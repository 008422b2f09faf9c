import type { Clock } from '../../../src/judge/pace/clock.ts';

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/** Real milliseconds without anything happening before the clock jumps to whoever wakes first. */
const QUIET_MS = 3;

/** A clock that stands still while anybody works and jumps ahead while everybody sleeps. */
export class FakeClock implements Clock {
  #nowMs: number;
  #busy = 0;
  #sleepers: readonly Sleeper[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(startMs: number = Date.parse('2026-11-21T10:00:00Z')) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return;
    const wakeAtMs = this.#nowMs + Math.max(0, ms);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#sleepers = this.#sleepers.filter((other) => other.wake !== wake);
        resolve();
      };
      this.#sleepers = [...this.#sleepers, { wakeAtMs, wake }];
      signal.addEventListener('abort', wake);
      this.#later();
    });
  };

  /** Holds the clock while real work, such as a request, goes on. */
  readonly whileBusy = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
      this.#later();
    }
  };

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#jump(), QUIET_MS);
  }

  #jump(): void {
    if (this.#busy > 0 || this.#sleepers.length === 0) return;
    const next = this.#sleepers.reduce((first, other) => (other.wakeAtMs < first.wakeAtMs ? other : first));
    this.#nowMs = Math.max(this.#nowMs, next.wakeAtMs);
    for (const sleeper of this.#sleepers) if (sleeper.wakeAtMs <= this.#nowMs) sleeper.wake();
    this.#later();
  }
}
