import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { asArray, asNumber, asObject, asText } from '../core/json.ts';
import { encodeIds, idsOfHex } from './contents-ids.ts';
import { engineVersion, parquet } from './duck.ts';
import { numberOf, textOf } from './duck-value.ts';
import { makeDirectory, removeTree, writeCacheFile } from './files.ts';
import { parseJson } from './log/actions.ts';
import type { DataFile } from './log.ts';
import { storePaths } from './store.ts';

/** Of some sources the sum of the engine's hashes of their rows in a file. */
export type Digests = ReadonlyMap<string, bigint>;

interface SourceRows {
  readonly rows: number;
  /** Null while nobody has asked, or when another engine made it. */
  readonly digest: bigint | null;
}

type Sources = ReadonlyMap<string, SourceRows>;

const SEAL_BYTES = 32;
/** One text for many ids: a value each would cross from the engine one by one. */
const BEGINNINGS = `string_agg(left(event_id, 8), '')`;

/**
 * What the files of `events` hold: enough to know, without opening them, which ones a sync has to. Kept in the store's cache, a file each,
 * named as the data file, whose name is the hash of its bytes. What is missing or damaged there is found anew from the data file.
 * Nothing is held here: a sync of a large store looks at them one by one.
 */
export class EventContents {
  readonly #connection: DuckDBConnection;
  readonly #tableDirectory: string;
  readonly #folder: string;

  constructor(connection: DuckDBConnection, tableDirectory: string) {
    this.#connection = connection;
    this.#tableDirectory = tableDirectory;
    this.#folder = path.join(storePaths(path.dirname(tableDirectory)).cache, path.basename(tableDirectory));
  }

  /** The first 32 bits of the file's event ids, each once, as `WantedIds` looks through them. */
  async idsOf(file: DataFile): Promise<Uint8Array> {
    const body = await this.#body(file);
    return body.subarray(endOfHead(body) + 1);
  }

  /** How many rows the file holds of these sources. */
  async rowsOf(file: DataFile, sources: ReadonlySet<string>): Promise<number> {
    const known = headOf(await this.#body(file));
    return [...known].reduce((total, [source, { rows }]) => total + (sources.has(source) ? rows : 0), 0);
  }

  async knownDigestsOf(file: DataFile): Promise<Digests> {
    return digestsAmong(headOf(await this.#body(file)));
  }

  /** The digests of those of these sources that the file holds; `find` is asked when one is not known, and then it is. */
  async digestsOf(file: DataFile, sources: ReadonlySet<string>, find: () => Promise<Digests>): Promise<Digests> {
    const body = await this.#body(file);
    const head = headOf(body);
    const wanted = new Map([...head].filter(([source]) => sources.has(source)));
    const known = digestsAmong(wanted);
    if (known.size === wanted.size) return known;
    const found = await find();
    await this.#write(file, withDigests(head, found), body.subarray(endOfHead(body) + 1));
    return found;
  }

  /** Notes what a new file holds, which still lies at `from`. */
  async make(file: DataFile, from: string, digests: Digests): Promise<void> {
    if (!fs.existsSync(this.#place(file))) await this.#find(file, from, digests);
  }

  /** Makes what is missing for these files, and removes what is there of others. */
  async keep(files: readonly DataFile[]): Promise<void> {
    const there = new Set(fs.existsSync(this.#folder) ? fs.readdirSync(this.#folder) : []);
    for (const file of files) if (!there.delete(path.basename(this.#place(file)))) await this.#body(file);
    for (const name of there) await removeTree(path.join(this.#folder, name));
  }

  #place(file: DataFile): string {
    return path.join(this.#folder, `${file.path.replaceAll('/', '-')}.contents`);
  }

  async #body(file: DataFile): Promise<Buffer> {
    return this.#read(file) ?? (await this.#find(file, path.join(this.#tableDirectory, file.path), new Map()));
  }

  /** By one call, since there are many and each is small; null when there is none, or not as it was written. */
  #read(file: DataFile): Buffer | null {
    try {
      const bytes = fs.readFileSync(this.#place(file));
      const body = bytes.subarray(SEAL_BYTES);
      return sealOf(file, body).equals(bytes.subarray(0, SEAL_BYTES)) ? body : null;
    } catch {
      return null;
    }
  }

  async #find(file: DataFile, from: string, digests: Digests): Promise<Buffer> {
    const data = parquet([from]);
    const reader = await this.#connection.runAndReadAll(
      `select source_id, count(*), ${BEGINNINGS} from ${data} group by 1 order by 1`,
    );
    const found = reader
      .getRowsJS()
      .map(([source, rows, ids]) => [textOf(source), numberOf(rows), textOf(ids)] as const);
    const sources = new Map(found.map(([source, rows]) => [source, { rows, digest: null }]));
    const ids = encodeIds(idsOfHex(found.map(([, , hex]) => hex).join('')));
    return await this.#write(file, withDigests(sources, digests), ids);
  }

  async #write(file: DataFile, sources: Sources, ids: Uint8Array): Promise<Buffer> {
    const body = Buffer.concat([Buffer.from(`${encodeHead(sources)}\n`), ids]);
    await makeDirectory(this.#folder);
    await writeCacheFile(this.#place(file), Buffer.concat([sealOf(file, body), body]));
    return body;
  }
}

/** The first 32 bits of all event ids in a table or file, ascending, each once. */
export async function idsIn(connection: DuckDBConnection, from: string): Promise<Uint32Array> {
  const reader = await connection.runAndReadAll(`select coalesce(${BEGINNINGS}, '') from ${from}`);
  return idsOfHex(textOf(reader.getRowsJS()[0]?.[0]));
}

/** Also of the name, so that the contents of one file are not taken for those of another. */
function sealOf(file: DataFile, body: Buffer): Buffer {
  return createHash('sha256').update(`${file.path}\n`).update(body).digest();
}

function endOfHead(body: Buffer): number {
  return body.indexOf(0x0a);
}

function encodeHead(sources: Sources): string {
  const rows = [...sources].map(([source, { rows, digest }]) =>
    digest === null ? [source, rows] : [source, rows, digest.toString(16)],
  );
  return JSON.stringify({ engine: engineVersion(), sources: rows });
}

function headOf(body: Buffer): Sources {
  const head = asObject(parseJson(body.toString('utf8', 0, endOfHead(body))));
  const isOurs = head?.['engine'] === engineVersion();
  return new Map(
    (asArray(head?.['sources']) ?? []).map((entry) => {
      const [source, rows, digest] = asArray(entry) ?? [];
      const known = isOurs ? asText(digest) : null;
      return [
        asText(source) ?? '',
        { rows: asNumber(rows) ?? 0, digest: known === null ? null : BigInt(`0x${known}`) },
      ];
    }),
  );
}

function digestsAmong(sources: Sources): Digests {
  return new Map([...sources].flatMap(([source, { digest }]) => (digest === null ? [] : [[source, digest]])));
}

function withDigests(sources: Sources, digests: Digests): Sources {
  return new Map(
    [...sources].map(([source, { rows, digest }]) => [source, { rows, digest: digests.get(source) ?? digest }]),
  );
}
