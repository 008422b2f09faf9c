import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asText } from '../../src/core/json.ts';
import { settingsOf } from '../../src/commands/settings.ts';
import { everything, type Window } from '../../src/core/window.ts';
import { withViews } from '../../src/commands/views.ts';
import type { SyncSummary } from '../../src/ingest/summary.ts';
import { restoreSource } from '../../src/lake/restore.ts';
import { openStore } from '../../src/lake/store.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';
import type { Line } from './lines.ts';
import { fileModel, meaningsOf, readFile, Seen, type FileModel, type Meanings, type StoreModel } from './model.ts';

const startMs = Date.parse('2026-02-11T16:00:00Z');
const minuteMs = 60_000;
/** Longer than the day after which a torn last line is taken as it is. */
const idleMs = 48 * 3600 * 1000;

/** A folder of transcripts with a clock of its own, and beside it in memory what a store must make of it. */
export class Machine {
  readonly root: string;
  readonly #meanings: Map<string, Line>;
  readonly #files = new Map<string, { bytes: Buffer; mtimeMs: number }>();
  readonly #seen = new Seen();
  /** With what syncs saw that failed half-way. */
  readonly #mostSeen = new Seen();
  #jumps = 0;
  #nowMs = startMs;
  #stores = 0;

  constructor(folder: string, meanings: Meanings) {
    this.root = join(mkdtempSync(join(folder, 'machine-')), 'projects');
    mkdirSync(this.root);
    this.#meanings = new Map(meanings);
  }

  /** Lines that may be written from now on. */
  learn(lines: readonly Line[]): void {
    for (const [bytes, line] of meaningsOf(lines)) this.#meanings.set(bytes, line);
  }

  newStore(): string {
    this.#stores += 1;
    return join(dirname(this.root), `store-${this.#stores}`);
  }

  paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  read(path: string): Buffer {
    return this.#files.get(path)?.bytes ?? Buffer.alloc(0);
  }

  /** `viaRename`: as editors do it, so that the file gets another inode. */
  write(path: string, bytes: Buffer, viaRename = false): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(viaRename ? `${file}.new` : file, bytes);
    if (viaRename) renameSync(`${file}.new`, file);
    this.#files.set(path, { bytes, mtimeMs: 0 });
    this.touch(path);
  }

  append(path: string, bytes: Buffer): void {
    this.write(path, Buffer.concat([this.read(path), bytes]));
  }

  touch(path: string): void {
    const known = this.#files.get(path);
    if (known === undefined) return;
    this.#nowMs += minuteMs;
    known.mtimeMs = this.#nowMs;
    utimesSync(join(this.root, path), new Date(this.#nowMs), new Date(this.#nowMs));
  }

  move(from: string, to: string): void {
    const known = this.#files.get(from);
    if (known === undefined || from === to) return;
    mkdirSync(dirname(join(this.root, to)), { recursive: true });
    renameSync(join(this.root, from), join(this.root, to));
    this.#files.delete(from);
    this.#files.set(to, known);
  }

  chmod(path: string): void {
    if (this.#files.has(path)) chmodSync(join(this.root, path), 0o400);
  }

  /** Sets the clock; never back to a moment that a file already has. */
  jump(hours: number): void {
    this.#jumps += 1;
    this.#nowMs += hours * 3600 * 1000 + this.#jumps * 137;
  }

  /** Removes all files of the machine, or one. */
  remove(path?: string): void {
    if (path === undefined) {
      rmSync(dirname(this.root), { recursive: true, force: true });
      return;
    }
    rmSync(join(this.root, path), { force: true });
    this.#files.delete(path);
  }

  /** Two days in which nobody writes. */
  rest(): void {
    this.#nowMs += idleMs;
  }

  /** Syncs the root; without a window the model follows. */
  async sync(store: string, options: { readonly full?: boolean; readonly window?: Window } = {}): Promise<SyncSummary> {
    const window = options.window ?? everything;
    const summary = await this.#sync(store, window, options.full ?? false);
    const { lines, events, problems } = summary;
    const linesAddUp = lines.total === lines.records + lines.salvaged + lines.quarantined + lines.blank;
    const eventsAddUp = events.derived === events.kept + events.duplicates;
    if (!linesAddUp || !eventsAddUp || problems.length > 0) throw new Error(JSON.stringify(summary));
    if (window === everything) this.#note([this.#seen, this.#mostSeen]);
    return summary;
  }

  async #sync(store: string, window: Window = everything, full = false): Promise<SyncSummary> {
    this.#nowMs += minuteMs;
    const now = new Date(this.#nowMs).toISOString();
    return await syncStore({ store, roots: [this.root], now, full, window });
  }

  /** A sync that fails where `SESH_FAIL_AT` says, or does all its work when it does not come there. */
  async failingSync(store: string, failAt: string): Promise<void> {
    process.env['SESH_FAIL_AT'] = failAt;
    try {
      const { files } = await this.#sync(store);
      if (files.unreadable > 0) this.#note([this.#mostSeen]);
      else this.#note([this.#seen, this.#mostSeen]);
    } catch {
      this.#note([this.#mostSeen]);
    } finally {
      delete process.env['SESH_FAIL_AT'];
    }
  }

  #note(models: readonly Seen[]): void {
    for (const path of this.paths()) for (const model of models) model.add(this.#readFile(path).lines);
  }

  /** What a store may hold at most, when syncs failed half-way. */
  mostModel(): StoreModel {
    return this.#mostSeen.model();
  }

  /** What a store must hold that has seen all that was synced without a window. */
  model(): StoreModel {
    return this.#seen.model();
  }

  /** What the ledger must say of each file that is there now. */
  ledger(): Readonly<Record<string, FileModel>> {
    return Object.fromEntries(
      this.paths()
        .toSorted()
        .map((path) => {
          const { lines, pendingBytes } = this.#readFile(path);
          return [path, fileModel(this.read(path), lines, pendingBytes)];
        }),
    );
  }

  #readFile(path: string) {
    const file = this.#files.get(path) ?? { bytes: Buffer.alloc(0), mtimeMs: 0 };
    return readFile(file.bytes, this.#meanings, this.#nowMs - file.mtimeMs > 24 * 3600 * 1000);
  }
}

/** The store in the terms of the model. */
export async function storedModel(store: string): Promise<unknown> {
  if ((await eventFiles(store)).length === 0) return new Seen().model();
  const isKnownByContent = `record_type in ('mode', 'file-history-snapshot', 'queue-operation')`;
  const [row] = await eventRows(
    store,
    `select
      coalesce(list(event_id order by event_id) filter (where not ${isKnownByContent}), []) as ids,
      count(*) filter (where ${isKnownByContent})::int as states,
      count(*) filter (where kind = 'prompt')::int as prompts,
      {
        'input': coalesce(sum(input_tokens), 0)::int,
        'output': coalesce(sum(output_tokens), 0)::int,
        'cacheRead': coalesce(sum(cache_read_tokens), 0)::int,
        'cacheWrite': coalesce(sum(coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)), 0)::int
      } as usage
    from events`,
  );
  return { ...row, usage: row === undefined ? null : entriesOf(row['usage']) };
}

/** A struct as the DuckDB client writes it in JSON, `{"input": 1}`, whatever order its keys have. */
function entriesOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? { ...value } : value;
}

interface LedgerRow {
  readonly path: string;
  readonly state: string;
  readonly events: number;
  readonly file: FileModel;
}

/** The rows of the view `ingest_ledger`. */
export async function ledgerOf(store: string): Promise<readonly LedgerRow[]> {
  const settings = settingsOf(everything, 'UTC');
  return await withViews({ storeDir: store, settings }, async (views) => {
    const numbers = ['bytes', 'pending_bytes', 'lines', 'records', 'salvaged', 'quarantined', 'blank', 'events'];
    const { rows } = await views.query(
      `select path, state, ${numbers.join(', ')}, events + duplicates from ingest_ledger order by path, state`,
    );
    return rows.map(([path, state, ...counts]) => {
      const [
        bytes = 0,
        pending = 0,
        lines = 0,
        records = 0,
        salvaged = 0,
        quarantined = 0,
        blank = 0,
        events = 0,
        derived = 0,
      ] = counts.map(Number);
      const file = { bytes, pending_bytes: pending, lines, records, salvaged, quarantined, blank, derived };
      return { path: asText(path) ?? '', state: asText(state) ?? '', events, file };
    });
  });
}

/** SHA-256 of the bytes that the store gives back of a file. */
export async function restoredHash(store: string, path: string): Promise<string> {
  const hash = createHash('sha256');
  const { chunks } = await restoreSource(await openStore(store, { create: false }), path);
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

export function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
