import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { errnoOf } from '../../core/errors.ts';
import { appendLine, makeDirectory } from '../../lake/files.ts';
import { encodeLine, parseLine, type LedgerLine } from './lines.ts';
import { LedgerState } from './state.ts';

type Unstamped<Line> = Line extends LedgerLine ? Omit<Line, 'at'> : never;
export type NewLine = Unstamped<LedgerLine>;

/** A file a month, so that none grows without end. */
const fileName = /^ledger-\d{4}-\d\d\.jsonl$/;

/**
 * What was asked, paid for and made of it, one durable line after the other, in files that only grow. The caller holds the
 * judge's lock when it records. Everything that is kept here was redacted before.
 */
export class Ledger extends LedgerState {
  readonly #directory: string;
  readonly #now: () => number;
  #last: Promise<void> = Promise.resolve();
  #ready: Promise<void> | null = null;
  #damaged = 0;

  private constructor(directory: string, now: () => number) {
    super();
    this.#directory = directory;
    this.#now = now;
  }

  /** Reads what earlier runs left. Nothing is written before the first line is recorded. */
  static async open(directory: string, now: () => number): Promise<Ledger> {
    const ledger = new Ledger(directory, now);
    for (const name of await ledgerFiles(directory)) await ledger.#read(join(directory, name));
    return ledger;
  }

  /** Lines that could not be read: cut off by a crash, or changed. What they said is not known. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Comes back when the line is safe on disk. Lines that are recorded together are written one after the other. */
  async record(line: NewLine): Promise<void> {
    const written = this.#last.then(async () => await this.#append(line));
    this.#last = written.catch(() => undefined);
    await written;
  }

  async #append(line: NewLine): Promise<void> {
    const at = new Date(this.#now()).toISOString();
    const whole: LedgerLine = { ...line, at };
    this.#ready ??= makeDirectory(this.#directory);
    await this.#ready;
    await appendLine(join(this.#directory, `ledger-${at.slice(0, 7)}.jsonl`), encodeLine(whole));
    this.apply(whole);
  }

  async #read(path: string): Promise<void> {
    const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const text of lines) {
      if (text === '') continue;
      const line = parseLine(text);
      if (line === null) this.#damaged += 1;
      else this.apply(line);
    }
  }
}

export async function ledgerFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => fileName.test(name)).sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}
