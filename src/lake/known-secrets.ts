import { join } from 'node:path';
import { asArray, asNumber, asObject, asText } from '../core/json.ts';
import type { KnownSecret } from '../core/redact/known.ts';
import { writeFileDurably } from './files.ts';
import { readOwnJson } from './own-json.ts';
import type { StorePaths } from './store.ts';

const FILE = 'known-secrets.json';
/** More than a person has; a program that sets a new one each time must not make the list grow without end. */
const MOST = 1024;
const HINT =
  'Take it back from a backup, or remove it: then only secrets of the environment and the files of today are known.';

/** Lengths and keyed hashes of secrets that the environment of some run held, or a file that its person named; sorted. */
export async function readKnownSecrets({ directory }: StorePaths): Promise<readonly KnownSecret[]> {
  const file = await readOwnJson(join(directory, FILE), HINT);
  return (asArray(file?.['known']) ?? []).flatMap((item) => {
    const [length, hash] = [asNumber(asObject(item)?.['length']), asText(asObject(item)?.['hash'])];
    return length === null || hash === null ? [] : [{ length, hash }];
  });
}

interface Remembered {
  readonly known: readonly KnownSecret[];
  /** Those for which there was no room, as a sentence. */
  readonly warnings: readonly string[];
}

/** The list with those of this run; it only grows, so that what was hidden once stays hidden when the variable is gone. */
export async function rememberKnownSecrets(store: StorePaths, seen: readonly KnownSecret[]): Promise<Remembered> {
  const known = await readKnownSecrets(store);
  const there = new Set(known.map(({ hash }) => hash));
  const unknown = new Map(seen.filter(({ hash }) => !there.has(hash)).map((secret) => [secret.hash, secret]));
  const fresh = [...unknown.values()].slice(0, Math.max(0, MOST - known.length));
  const warnings = unknown.size === fresh.length ? [] : [noRoom(unknown.size - fresh.length)];
  if (fresh.length === 0) return { known, warnings };
  const all = [...known, ...fresh].toSorted((a, b) => (a.hash < b.hash ? -1 : 1));
  await writeFileDurably(join(store.directory, FILE), `${JSON.stringify({ known: all }, null, 1)}\n`);
  return { known: all, warnings };
}

function noRoom(left: number): string {
  return `${FILE} holds ${MOST} secrets and takes no more: ${left} of the environment or of secret_files are hidden only where a rule sees them.`;
}
