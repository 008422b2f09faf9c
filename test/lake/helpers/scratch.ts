import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** A folder of its own for the running test, else for its file, removed afterwards. The name has what globs and SQL would stumble over. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sesh-[lake] it's a=b *-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Inside a test `afterAll` would be heard by nobody. */
function atEnd(cleanUp: () => void): void {
  try {
    onTestFinished(cleanUp);
  } catch {
    afterAll(cleanUp);
  }
}

/** Every file under the folder with the hash of its bytes, but for the lock: this process may hold it, and reading it would free it. */
export function bytesOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const entries = files
    .filter((path) => !path.endsWith('lock.duckdb') && statSync(join(folder, path)).isFile())
    .map((path) => [path, hash('sha256', readFileSync(join(folder, path)), 'hex')]);
  return Object.fromEntries(entries);
}
