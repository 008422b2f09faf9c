import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { DataFile } from '../../../src/lake/log.ts';
import type { TableSchema } from '../../../src/lake/schema.ts';

/** Small enough to write its Delta form by hand. */
export const schema: TableSchema = {
  name: 'events',
  partitionBy: ['month'],
  columns: [
    { name: 'event_id', type: 'string', about: 'identity' },
    { name: 'ts', type: 'timestamp', about: 'time, UTC' },
  ],
};

export const NOW = new Date('2026-03-01T12:00:00.000Z');

/** A folder of its own for this test file, removed afterwards. The name has what globs and SQL would stumble over. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sesh-[lake] it's a=b *-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A file as the log describes it; nothing of that name need exist. */
export function dataFile(label: string, month = '2026-01', records = 1): DataFile {
  return {
    path: `month=${month}/${hash('sha256', label, 'hex').slice(0, 32)}.parquet`,
    sizeBytes: 100 + label.length,
    records,
    partition: { month },
    tags: {},
  };
}

/** Every file under the folder with the hash of its bytes, but for the lock: this process may hold it, and reading it would free it. */
export function bytesOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const entries = files
    .filter((path) => !path.endsWith('lock.duckdb') && statSync(join(folder, path)).isFile())
    .map((path) => [path, hash('sha256', readFileSync(join(folder, path)), 'hex')]);
  return Object.fromEntries(entries);
}

export function paths(files: readonly DataFile[]): readonly string[] {
  return files.map(({ path }) => path);
}
