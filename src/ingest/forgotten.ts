import { createHash } from 'node:crypto';
import type { Discovery, SourceFile } from '../discover/discover.ts';
import { HEAD_BYTES, keyedHash, readTombstones, type Tombstone } from '../lake/forget/tombstones.ts';
import type { Store } from '../lake/store.ts';
import { openSource, UnreadableSource, type OpenSource } from '../read/source-file.ts';
import type { Ledger } from './ledger.ts';

interface Remembered {
  readonly found: Discovery;
  /** Files that were found and hold what was forgotten. */
  readonly forgotten: number;
}

/**
 * Leaves out the files that begin with what was forgotten, wherever they lie now; what was added to such a file since belongs to the
 * forgotten session. A file of the same path with other content is read. Sessions of a database are known by their path.
 */
export async function withoutForgotten(
  found: Discovery,
  store: Store,
  key: Uint8Array,
  ledger: () => Promise<Ledger>,
): Promise<Remembered> {
  const tombstones = await readTombstones(store);
  if (tombstones.length === 0) return { found, forgotten: 0 };
  const known = await ledger();
  const kept = new Set(known.sources.filter(({ archivedBytes }) => archivedBytes > 0).map(({ path }) => path));
  const paths = new Set(tombstones.map(({ path }) => path));
  const sources = found.sources.filter((file) => {
    const byPath = paths.has(keyedHash(key, file.path));
    if (file.hint.member !== null) return !byPath;
    return (kept.has(file.path) && !byPath) || !beginsAsForgotten(file, tombstones, key);
  });
  return { found: { ...found, sources }, forgotten: found.sources.length - sources.length };
}

function beginsAsForgotten(file: SourceFile, tombstones: readonly Tombstone[], key: Uint8Array): boolean {
  let source: OpenSource;
  try {
    source = openSource(file.path);
  } catch (error) {
    // Whoever reads it next says why it cannot be read.
    if (error instanceof UnreadableSource) return false;
    throw error;
  }
  try {
    const heads = new Map<number, string>();
    return tombstones.some(({ head, content, lengthBytes }) => {
      if (lengthBytes === 0 || source.identity.sizeBytes < lengthBytes) return false;
      const length = Math.min(HEAD_BYTES, lengthBytes);
      const own = heads.get(length) ?? keyedHash(key, source.read(0, length));
      heads.set(length, own);
      return own === head && keyedHash(key, hashOf(source, lengthBytes)) === content;
    });
  } finally {
    source.close();
  }
}

const PIECE_BYTES = 4 * 1024 * 1024;

/** SHA-256 of the first bytes, hex. */
function hashOf(source: OpenSource, bytes: number): string {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes; from += PIECE_BYTES)
    hash.update(source.read(from, Math.min(bytes, from + PIECE_BYTES)));
  return hash.digest('hex');
}
