import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type * as sqliteModule from 'node-sqlite3-wasm';

type Sqlite = typeof sqliteModule;
type Database = InstanceType<Sqlite['Database']>;

/** Opens or makes a real SQLite database; the caller closes it. */
export function openSqlite(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  const sqlite: Sqlite = createRequire(import.meta.url)('node-sqlite3-wasm');
  return new sqlite.Database(file);
}

/** A database with what the statements put into it. */
export function writeSqlite(file: string, statements: string): void {
  const database = openSqlite(file);
  database.exec(statements);
  database.close();
}
