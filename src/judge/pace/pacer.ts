import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { Answer, Failure, Reply } from '../providers/provider.ts';
import { admission, closedBreaker, failed, worked } from './breaker.ts';
import type { Clock } from './clock.ts';
import { afterLimit, afterSuccess, afterTrouble, startingConcurrency } from './concurrency.ts';
import { askedWait, backoff, LONGEST_PARKING_MS, LONGEST_WAIT_MS } from './wait.ts';
import { correct, emptyWindow, reserve, waitFor } from './window.ts';

export interface PaceLimits {
  /** Null: no limit. */
  readonly requestsPerMinute: number | null;
  readonly tokensPerMinute: number | null;
  readonly concurrency: number;
}

interface PaceEffects {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

export type Paced =
  | { readonly status: 'answer'; readonly answer: Answer }
  /** It makes no sense to ask this again now. */
  | { readonly status: 'failure'; readonly failure: Failure }
  /** Nothing was sent, or nothing that helped: another run may try. */
  | { readonly status: 'later'; readonly ending: Ending | null; readonly failure: Failure | null };

/** Why a run asks nothing more. */
export type Ending =
  | { readonly why: 'parked'; readonly untilMs: number }
  | { readonly why: 'breaker' }
  | { readonly why: 'config'; readonly failure: Failure }
  /** Not even the first request was answered. */
  | { readonly why: 'unreachable'; readonly failure: Failure }
  | { readonly why: 'cap'; readonly cap: string }
  | { readonly why: 'stopped' };

/** Failures of one request before it is left for another run; refusals because of a limit cost nothing and count apart. */
const MOST_FAILURES = 5;
const MOST_LIMITS = 20;

/** Sends requests of one provider and model in the rhythm that it allows. */
export class Pacer {
  readonly #effects: PaceEffects;
  readonly #queue: PQueue;
  readonly #stop = new AbortController();
  #requests;
  #tokens;
  #concurrency;
  #breaker = closedBreaker;
  #probe: Promise<unknown> | null = null;
  #pausedUntilMs = 0;
  #ending: Ending | null = null;
  #sent = 0;
  #wasHeard = false;

  constructor(limits: PaceLimits, effects: PaceEffects) {
    this.#effects = effects;
    this.#requests = emptyWindow(limits.requestsPerMinute);
    this.#tokens = emptyWindow(limits.tokensPerMinute);
    this.#concurrency = startingConcurrency(limits.concurrency);
    this.#queue = new PQueue({ concurrency: limits.concurrency });
    setMaxListeners(0, this.#stop.signal); // everyone who waits listens
  }

  /** Why nothing more is asked; null as long as something is. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Asks nothing new; what is under way comes to its end. The first reason stays. */
  end(ending: Ending): void {
    this.#ending ??= ending;
    this.#stop.abort();
  }

  /** Runs `work` when there is room beside what is under way. */
  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    return await this.#queue.add(work);
  }

  /** Asks until there is an answer or no sense in asking. `tokens`: what the request is expected to use. */
  async ask(tokens: number, send: () => Promise<Reply>): Promise<Paced> {
    let failures = 0;
    let limits = 0;
    for (;;) {
      const admitted = await this.#admit(tokens);
      if (admitted === null) return { status: 'later', ending: this.#ending, failure: null };
      const reply = await this.#sendOne(admitted, send);
      if (reply.status === 'answer') {
        this.#wasHeard = true;
        return { status: 'answer', answer: reply };
      }
      if (reply.kind === 'config') this.end({ why: 'config', failure: reply });
      if (reply.kind !== 'limit' && reply.kind !== 'transient') return { status: 'failure', failure: reply };
      if (reply.kind === 'limit') limits += 1;
      else failures += 1;
      this.#wasHeard ||= reply.httpStatus !== null;
      const isLast = failures >= MOST_FAILURES || limits >= MOST_LIMITS || reply.wait.shouldRetry === false;
      const wait_ms = this.#waitAfter(reply, Math.max(failures, limits));
      // A service that is not there at all is not waited for, session by session.
      if (isLast && !this.#wasHeard) this.end({ why: 'unreachable', failure: reply });
      if (isLast || this.#ending !== null) return { status: 'later', ending: this.#ending, failure: reply };
      await this.#effects.clock.sleep(wait_ms, this.#stop.signal);
    }
  }

  /** Waits until a request may go out and counts it; null when none may any more. */
  async #admit(tokens: number): Promise<Sent | null> {
    const { clock } = this.#effects;
    while (this.#ending === null) {
      const now = clock.now();
      const gate = admission(this.#breaker, now);
      if (gate.kind === 'end') {
        this.end({ why: 'breaker' });
      } else if (gate.kind === 'probe' && this.#probe !== null) {
        await this.#probe;
      } else {
        const wait_ms = Math.max(
          gate.kind === 'wait' ? gate.ms : 0,
          this.#pausedUntilMs - now,
          waitFor(this.#requests, 1, now),
          waitFor(this.#tokens, tokens, now),
        );
        if (wait_ms <= 0) return this.#count(tokens, now, gate.kind === 'probe');
        await clock.sleep(wait_ms, this.#stop.signal);
      }
    }
    return null;
  }

  #count(tokens: number, now: number, isProbe: boolean): Sent {
    this.#sent += 1;
    const id = this.#sent;
    this.#requests = reserve(this.#requests, { id, atMs: now, amount: 1 });
    this.#tokens = reserve(this.#tokens, { id, atMs: now, amount: tokens });
    return { id, isProbe };
  }

  async #sendOne({ id, isProbe }: Sent, send: () => Promise<Reply>): Promise<Reply> {
    const sending = send();
    if (isProbe) this.#probe = sending.catch(() => undefined);
    try {
      const reply = await sending;
      this.#learn(reply, id, isProbe);
      return reply;
    } finally {
      if (isProbe) this.#probe = null;
    }
  }

  #learn(reply: Reply, id: number, wasProbe: boolean): void {
    const now = this.#effects.clock.now();
    if (reply.status === 'failure' && reply.kind === 'transient') {
      this.#breaker = failed(this.#breaker, now, wasProbe);
      this.#concurrency = afterTrouble(this.#concurrency, now);
    } else if (reply.status === 'failure' && reply.kind === 'limit') {
      this.#breaker = worked(this.#breaker);
      this.#concurrency = afterLimit(this.#concurrency, now, askedWait(reply.wait, now) ?? 0);
    } else {
      this.#breaker = worked(this.#breaker);
      this.#concurrency = afterSuccess(this.#concurrency, now);
    }
    if (reply.status === 'answer') {
      const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = reply.usage;
      this.#tokens = correct(this.#tokens, id, inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens);
    }
    this.#queue.concurrency = this.#concurrency.target;
  }

  /** A refusal because of a limit holds back everything, not only the request that was refused. */
  #waitAfter(reply: Failure, tries: number): number {
    const { clock, random } = this.#effects;
    const now = clock.now();
    const asked = askedWait(reply.wait, now);
    if (asked !== null && asked > LONGEST_WAIT_MS) {
      this.end({ why: 'parked', untilMs: now + Math.min(asked, LONGEST_PARKING_MS) });
    }
    // "At once" has just failed.
    const wait_ms = asked === null || asked === 0 ? backoff(tries, random) : asked;
    if (reply.kind === 'limit') this.#pausedUntilMs = Math.max(this.#pausedUntilMs, now + wait_ms);
    return wait_ms;
  }
}

interface Sent {
  readonly id: number;
  readonly isProbe: boolean;
}
