import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { asNumber, asObject } from '../core/json.ts';
import { decodeIds, encodeIds } from './contents-ids.ts';
import { fileList } from './duck.ts';
import { numberOf, textOf } from './duck-value.ts';
import { makeDirectory, removeTree, writeCacheFile } from './files.ts';
import { parseJson } from './log/actions.ts';
import type { DataFile } from './log.ts';
import { storePaths } from './store.ts';

/** What a file of `events` holds: enough to know, without opening it, whether a sync has to. */
export interface Contents {
  /** Rows of each source. */
  readonly rows: ReadonlyMap<string, number>;
  /** The first 32 bits of the event ids, ascending, each once. */
  readonly ids: Uint32Array;
}

const SEAL_BYTES = 32;
const ENDING = '.contents';

/**
 * The contents of the files of `events`, kept in the store's cache: a file each, named as the data file, whose name is the hash of its
 * bytes. What is missing or damaged there is found anew from the data file. Nothing is held: a sync of a large store looks at them one
 * by one.
 */
export class EventContents {
  readonly #connection: DuckDBConnection;
  readonly #tableDirectory: string;
  readonly #folder: string;

  constructor(connection: DuckDBConnection, tableDirectory: string) {
    this.#connection = connection;
    this.#tableDirectory = tableDirectory;
    this.#folder = contentsFolder(tableDirectory);
  }

  /** `from`: where the data file lies when it is not in its place yet. */
  async of(file: DataFile, from = path.join(this.#tableDirectory, file.path)): Promise<Contents> {
    const kept = this.#read(file);
    if (kept !== null) return kept;
    const found = await this.#find(from);
    await makeDirectory(this.#folder);
    await writeCacheFile(this.#place(file), encode(file.path, found));
    return found;
  }

  /** Makes what is missing for these files, and removes what is there of others. */
  async keep(files: readonly DataFile[]): Promise<void> {
    const there = new Set(namesIn(this.#folder));
    for (const file of files) if (!there.delete(path.basename(this.#place(file)))) await this.of(file);
    for (const name of there) await removeTree(path.join(this.#folder, name));
  }

  #place(file: DataFile): string {
    return path.join(this.#folder, `${file.path.replaceAll('/', '-')}${ENDING}`);
  }

  /** By one call, since there are many and each is small; null when there is none, or not as it was written. */
  #read(file: DataFile): Contents | null {
    try {
      return decode(file.path, fs.readFileSync(this.#place(file)));
    } catch {
      return null;
    }
  }

  async #find(from: string): Promise<Contents> {
    const data = `read_parquet(${fileList([from])}, hive_partitioning = false)`;
    const sources = await this.#connection.runAndReadAll(
      `select source_id, count(*) from ${data} group by 1 order by 1`,
    );
    const rows = new Map(sources.getRowsJS().map(([source, count]) => [textOf(source), numberOf(count)]));
    return { rows, ids: await idsIn(this.#connection, data) };
  }
}

function contentsFolder(tableDirectory: string): string {
  return path.join(storePaths(path.dirname(tableDirectory)).cache, path.basename(tableDirectory));
}

/** The first 32 bits of all event ids in a table or file, ascending, each once. */
export async function idsIn(connection: DuckDBConnection, from: string): Promise<Uint32Array> {
  const reader = await connection.runAndReadAll(
    `select distinct ('0x' || left(event_id, 8))::uinteger from ${from} order by 1`,
  );
  return Uint32Array.from(reader.getColumnsJS()[0] ?? [], numberOf);
}

function encode(name: string, { rows, ids }: Contents): Buffer {
  const head = `${JSON.stringify({ of: name, rows: Object.fromEntries(rows), ids: ids.length })}\n`;
  const body = Buffer.concat([Buffer.from(head), encodeIds(ids)]);
  return Buffer.concat([sealOf(body), body]);
}

function decode(name: string, bytes: Buffer): Contents | null {
  const body = bytes.subarray(SEAL_BYTES);
  if (!sealOf(body).equals(bytes.subarray(0, SEAL_BYTES))) return null;
  const end = body.indexOf(0x0a);
  const head = asObject(parseJson(body.toString('utf8', 0, end)));
  const rows = asObject(head?.['rows']);
  const count = asNumber(head?.['ids']);
  if (head?.['of'] !== name || rows === null || count === null) return null;
  return {
    rows: new Map(Object.entries(rows).map(([source, records]) => [source, asNumber(records) ?? 0])),
    ids: decodeIds(body.subarray(end + 1), count),
  };
}

function sealOf(body: Buffer): Buffer {
  return hash('sha256', body, 'buffer');
}

function namesIn(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
