import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as sqliteModule from 'node-sqlite3-wasm';
import { errnoOf, messageOf } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { step } from '../rehearsal/step.ts';
import { openSource, UnreadableSource } from './source-file.ts';

/** The files of a SQLite database that hold rows; the index beside them (`-shm`) is made anew. */
const PARTS = ['', '-wal'];
const TRIES = 3;

/** A SQLite database opened from a copy: nothing is created or changed beside the original, not even a lock. */
export interface DatabaseCopy {
  /** Column names by table name. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** Rows of a query; `?1` is bound when a value is given. Throws UnreadableSource. */
  readonly rows: (sql: string, bound?: string) => readonly JsonObject[];
  readonly close: () => void;
}

/**
 * Copies a database and its write-ahead log into `scratch` and opens the copy. Throws UnreadableSource when there is no database,
 * or when it is written all the time.
 */
export function openDatabaseCopy(file: string, scratch: string): DatabaseCopy {
  fs.mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const directory = fs.mkdtempSync(path.join(scratch, 'database-'));
  const remove = (): void => fs.rmSync(directory, { recursive: true, force: true });
  try {
    const copy = path.join(directory, 'copy.db');
    copyWhole(file, copy);
    const database = open(copy, file);
    const rows = (sql: string, bound?: string): readonly JsonObject[] => query(database, file, sql, bound);
    const close = (): void => {
      database.close();
      remove();
    };
    return { tables: tablesOf(rows), rows, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Both files as they were at one moment: a copy during which one of them changed is made again. */
function copyWhole(file: string, copy: string): void {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const before = stateOf(file);
    for (const part of PARTS) copyPart(`${file}${part}`, `${copy}${part}`);
    if (stateOf(file) === before) return;
  }
  throw new UnreadableSource(`${file} is being written; the next sync reads it.`);
}

function stateOf(file: string): string {
  return PARTS.map((part) => {
    const status = lookAt(`${file}${part}`);
    if (status === undefined) return '-';
    if (!status.isFile()) throw new UnreadableSource(`${file}${part} is not a regular file.`);
    return `${status.ino}:${status.size}:${status.mtimeNs}`;
  }).join(' ');
}

function lookAt(file: string): fs.BigIntStats | undefined {
  try {
    step('look:before');
    return fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw new UnreadableSource(`${file} cannot be looked at (${errnoOf(error) ?? messageOf(error)}).`, {
      cause: error,
    });
  }
}

/** Copies out of the open file, which nobody can put another in place of. */
function copyPart(from: string, to: string): void {
  fs.rmSync(to, { force: true });
  if (from.endsWith('-wal') && lookAt(from) === undefined) return;
  const source = openSource(from);
  try {
    step('scratch:before');
    const copy = fs.openSync(to, 'wx', 0o600);
    try {
      for (let at = 0; at < source.identity.sizeBytes; at += COPY_STEP_BYTES) {
        fs.writeFileSync(copy, source.read(at, Math.min(at + COPY_STEP_BYTES, source.identity.sizeBytes)));
      }
    } finally {
      fs.closeSync(copy);
    }
    step('scratch:after');
  } catch (error) {
    throw new UnreadableSource(`${from} cannot be copied (${errnoOf(error) ?? messageOf(error)}).`, { cause: error });
  } finally {
    source.close();
  }
}

const COPY_STEP_BYTES = 8 * 1024 * 1024;

type Sqlite = typeof sqliteModule;
type Database = InstanceType<Sqlite['Database']>;

function open(copy: string, file: string): Database {
  // Loaded only here: most runs meet no database.
  const sqlite: Sqlite = createRequire(import.meta.url)('node-sqlite3-wasm');
  try {
    const database = new sqlite.Database(copy, { fileMustExist: true });
    // Without shared memory a write-ahead log can only be read by its one owner.
    database.exec('pragma locking_mode = exclusive; pragma trusted_schema = off; pragma cell_size_check = on');
    database.get('select count(*) from sqlite_schema');
    return database;
  } catch (error) {
    throw new UnreadableSource(`${file} is not a database that can be read (${messageOf(error)}).`, { cause: error });
  }
}

function tablesOf(rows: DatabaseCopy['rows']): ReadonlyMap<string, readonly string[]> {
  const columns = new Map<string, string[]>();
  const found = rows(
    `select m.name as "table", c.name as "column" from sqlite_schema m join pragma_table_info(m.name) c
     where m.type = 'table' order by m.name, c.cid`,
  );
  for (const { table, column } of found) {
    if (typeof table !== 'string' || typeof column !== 'string') continue;
    const known = columns.get(table);
    if (known === undefined) columns.set(table, [column]);
    else known.push(column);
  }
  return columns;
}

function query(database: Database, file: string, sql: string, bound?: string): readonly JsonObject[] {
  try {
    const found = database.all(sql, bound === undefined ? [] : [bound]);
    return found.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  } catch (error) {
    throw new UnreadableSource(`${file} cannot be read (${messageOf(error)}).`, { cause: error });
  }
}

/** What JSON cannot hold becomes text: whole numbers beyond 2^53 in decimal, bytes in hexadecimal. */
function plain(value: unknown): Json {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
