import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { asArray, asNumber, asObject, asText, type Json } from '../../core/json.ts';
import { writeFileDurably } from '../files.ts';
import { readOwnJson } from '../own-json.ts';
import type { StorePaths } from '../store.ts';

/** Bytes of a transcript's beginning by which it is known again. */
export const HEAD_BYTES = 512;

/**
 * What is left of a transcript that was forgotten, so that a sync does not read it again: keyed hashes and lengths, no text.
 * Nobody without the store's key can try whether a path or a text was in it.
 */
export interface Tombstone {
  readonly path: string;
  readonly session: string | null;
  /** Of the first bytes; of what was kept, as a whole. */
  readonly head: string;
  readonly content: string;
  readonly lengthBytes: number;
  /** ISO instant. */
  readonly at: string;
}

const FILE = 'forgotten.json';
const HINT =
  'Take it back from a backup. Without it (remove the file) what was forgotten is read again where it still lies.';

export function keyedHash(key: Uint8Array, value: string | Uint8Array): string {
  return createHmac('sha256', key).update('forgotten\u0000').update(value).digest('hex');
}

export async function readTombstones(store: StorePaths): Promise<readonly Tombstone[]> {
  const file = await readOwnJson(join(store.directory, FILE), HINT);
  return parseTombstones(file?.['forgotten']);
}

export function parseTombstones(json: Json | undefined): readonly Tombstone[] {
  return (asArray(json) ?? []).flatMap((item) => {
    const entry = asObject(item);
    const [path, head, content] = [asText(entry?.['path']), asText(entry?.['head']), asText(entry?.['content'])];
    const [lengthBytes, at] = [asNumber(entry?.['lengthBytes']), asText(entry?.['at'])];
    if (path === null || head === null || content === null || lengthBytes === null || at === null) return [];
    return [{ path, session: asText(entry?.['session']), head, content, lengthBytes, at }];
  });
}

/** Adds those that are not there yet. */
export async function addTombstones(store: StorePaths, added: readonly Tombstone[]): Promise<void> {
  const known = await readTombstones(store);
  const identity = ({ path, content }: Tombstone): string => `${path} ${content}`;
  const there = new Set(known.map(identity));
  const all = [...known, ...added.filter((stone) => !there.has(identity(stone)))];
  const sorted = all.toSorted((a, b) => (identity(a) < identity(b) ? -1 : 1));
  await writeFileDurably(join(store.directory, FILE), `${JSON.stringify({ forgotten: sorted }, null, 1)}\n`);
}
