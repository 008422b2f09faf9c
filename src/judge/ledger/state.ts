import { never } from '../../core/errors.ts';
import type { LedgerLine, LineOf } from './lines.ts';

/** What is known of one question. */
export interface Question {
  readonly key: string;
  /** Times that it left this machine. */
  readonly sends: number;
  /** Of them those of which nothing was heard: the run ended first. They may have been paid for. */
  readonly unheard: number;
  readonly answers: readonly LineOf<'response'>[];
  /** Why it will never be answered; null while it may be. */
  readonly refused: LineOf<'failed'> | null;
  /** The label of the batch in which it waits. */
  readonly batch: string | null;
}

/** A batch that was handed in, or may have been. */
export interface OpenBatch {
  readonly label: string;
  readonly host: string;
  readonly model: string;
  readonly keys: readonly string[];
  readonly sinceMs: number;
  readonly reservedUsdMicros: number;
  /** Null when the run ended before the service's answer was kept. */
  readonly id: string | null;
}

/** A verdict, and whose: two sessions may have the same question. */
export interface KeptVerdict {
  readonly key: string;
  readonly agent: string;
  readonly sessionId: string;
  readonly row: Readonly<Record<string, string | number | null>>;
}

interface Send {
  readonly atMs: number;
  readonly reservedUsdMicros: number;
}

/** What all lines of the ledger add up to. */
export class LedgerState {
  readonly #questions = new Map<string, Question>();
  readonly #verdicts = new Map<string, KeptVerdict>();
  readonly #published = new Set<string>();
  readonly #batches = new Map<string, OpenBatch>();
  /** By key and attempt: what left and was not heard of. */
  readonly #unheard = new Map<string, Send>();
  readonly #parked = new Map<string, number>();
  readonly #models = new Map<string, string>();
  readonly #firstSends = new Map<string, number>();
  readonly #costs: { readonly atMs: number; readonly usdMicros: number }[] = [];

  question(key: string): Question {
    return this.#questions.get(key) ?? { key, sends: 0, unheard: 0, answers: [], refused: null, batch: null };
  }

  verdict(key: string, agent: string, sessionId: string): KeptVerdict | null {
    return this.#verdicts.get(identityOf(key, agent, sessionId)) ?? null;
  }

  /** Verdicts that the table may not have yet. */
  unpublished(): readonly KeptVerdict[] {
    return [...this.#verdicts].filter(([identity]) => !this.#published.has(identity)).map(([, verdict]) => verdict);
  }

  openBatches(host: string): readonly OpenBatch[] {
    return [...this.#batches.values()].filter((batch) => batch.host === host);
  }

  /** Until when the service asked not to be asked; 0: never. */
  parkedUntilMs(host: string, model: string): number {
    return this.#parked.get(JSON.stringify([host, model])) ?? 0;
  }

  /** The model that answered last when this one was asked for. */
  lastModel(host: string, model: string): string | null {
    return this.#models.get(JSON.stringify([host, model])) ?? null;
  }

  /** Since then: what answers cost, and what was set aside for questions and batches that were not heard of yet. */
  spentSince(ms: number): number {
    const paid = this.#costs.filter(({ atMs }) => atMs >= ms).reduce((sum, { usdMicros }) => sum + usdMicros, 0);
    const lost = [...this.#unheard.values()].filter(({ atMs }) => atMs >= ms);
    const open = [...this.#batches.values()].filter(({ sinceMs }) => sinceMs >= ms);
    return [...lost, ...open].reduce((sum, { reservedUsdMicros }) => sum + reservedUsdMicros, paid);
  }

  /** Questions that left for the first time since then. */
  questionsSince(ms: number): number {
    return [...this.#firstSends.values()].filter((atMs) => atMs >= ms).length;
  }

  apply(line: LedgerLine): void {
    switch (line.type) {
      case 'intent':
        this.#change(line.key, {});
        return;
      case 'sent':
        this.#sent(line);
        return;
      case 'failed':
        this.#heard(line.key, line.attempt);
        this.#change(line.key, { batch: null, ...(line.final ? { refused: line } : {}) });
        return;
      case 'response':
        this.#answered(line);
        return;
      case 'verdict': {
        const { key, agent, session_id: sessionId, row } = line;
        this.#verdicts.set(identityOf(key, agent, sessionId), { key, agent, sessionId, row });
        return;
      }
      case 'published':
        this.#published.add(identityOf(line.key, line.agent, line.session_id));
        return;
      case 'parked':
        this.#parked.set(JSON.stringify([line.host, line.model]), Date.parse(line.until));
        return;
      case 'batch_intent':
        this.#openBatch(line);
        return;
      case 'batch': {
        const batch = this.#batches.get(line.label);
        if (batch !== undefined) this.#batches.set(line.label, { ...batch, id: line.id });
        return;
      }
      case 'batch_done':
        this.#closeBatch(line.label);
        return;
      default:
        never(line);
    }
  }

  #sent({ key, attempt, at, reserved_usd_micros }: LineOf<'sent'>): void {
    const atMs = Date.parse(at);
    const { sends, unheard } = this.question(key);
    this.#unheard.set(sendOf(key, attempt), { atMs, reservedUsdMicros: reserved_usd_micros ?? 0 });
    if (!this.#firstSends.has(key)) this.#firstSends.set(key, atMs);
    this.#change(key, { sends: sends + 1, unheard: unheard + 1 });
  }

  /** A batch can be asked about later, so its questions are not lost when the run ends. */
  #openBatch({ label, host, model, keys, at, reserved_usd_micros }: LineOf<'batch_intent'>): void {
    const sinceMs = Date.parse(at);
    this.#batches.set(label, {
      label,
      host,
      model,
      keys,
      sinceMs,
      reservedUsdMicros: reserved_usd_micros ?? 0,
      id: null,
    });
    for (const key of keys) {
      if (!this.#firstSends.has(key)) this.#firstSends.set(key, sinceMs);
      this.#change(key, { sends: this.question(key).sends + 1, batch: label });
    }
  }

  #answered(line: LineOf<'response'>): void {
    this.#heard(line.key, line.attempt);
    const { answers } = this.question(line.key);
    // Of an answer whose words were forgotten only the cost is left.
    const isForgotten = line.text_sha256 === '';
    this.#change(line.key, { answers: isForgotten ? answers : [...answers, line], batch: null });
    this.#costs.push({ atMs: Date.parse(line.at), usdMicros: line.cost_usd_micros ?? 0 });
    if (line.model !== null) this.#models.set(JSON.stringify([line.host, line.asked_model]), line.model);
  }

  #heard(key: string, attempt: number): void {
    const wasWaiting = this.#unheard.delete(sendOf(key, attempt));
    if (wasWaiting) this.#change(key, { unheard: this.question(key).unheard - 1 });
  }

  #closeBatch(label: string): void {
    for (const key of this.#batches.get(label)?.keys ?? []) {
      if (this.question(key).batch === label) this.#change(key, { batch: null });
    }
    this.#batches.delete(label);
  }

  #change(key: string, change: Partial<Question>): void {
    this.#questions.set(key, { ...this.question(key), ...change });
  }
}

function identityOf(key: string, agent: string, sessionId: string): string {
  return JSON.stringify([key, agent, sessionId]);
}

function sendOf(key: string, attempt: number): string {
  return `${key} ${attempt}`;
}
