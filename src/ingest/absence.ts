import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parquet, WorkDuck } from '../lake/duck.ts';
import type { StorePaths } from '../lake/store.ts';
import { listTree } from '../lake/tree.ts';
import { NotUnpacked, unpack } from '../read/unpack.ts';

/** A text as it may stand in a file: itself, inside JSON, inside JSON that is a string of JSON. */
export function formsOf(text: string): readonly string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const inside = JSON.stringify(inJson).slice(1, -1);
  const ascii = inJson.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [...new Set([text, inJson, inside, ascii])];
}

/** Whether bytes hold one of the forms, as they are or unpacked. */
export function bytesHold(bytes: Uint8Array, forms: readonly string[]): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (forms.some((form) => buffer.includes(form))) return true;
  const unpacked = unpackedBytes(buffer);
  return unpacked !== null && forms.some((form) => unpacked.includes(form));
}

function unpackedBytes(bytes: Buffer): Buffer | null {
  if (bytes.length < 4) return null;
  const packing = bytes.readUInt16BE(0) === 0x1f8b ? 'gzip' : bytes.readUInt32BE(0) === 0x28b52ffd ? 'zstd' : null;
  if (packing === null) return null;
  try {
    return unpack(bytes, packing);
  } catch (error) {
    if (error instanceof NotUnpacked) return null;
    throw error;
  }
}

const MEMORY_BYTES = 512 * 1024 * 1024;
/** Held open by a writer, and empty: opening it here could take the lock away. */
const lockFile = 'lock.duckdb';

/** Files of the store that hold the text, old versions and leftovers too, looked through uncompressed; relative to the store. */
export async function filesHolding(store: StorePaths, text: string): Promise<readonly string[]> {
  const forms = formsOf(text);
  const files = (await listTree(store.directory)).filter(({ kind }) => kind === 'file');
  return await WorkDuck.use({ folder: store.directory, memoryBytes: MEMORY_BYTES }, async (duck) => {
    const holding: string[] = [];
    for (const file of files) {
      if (path.basename(file.path) === lockFile) continue;
      const absolute = path.join(store.directory, file.path);
      const held = file.path.includes(text) || bytesHold(await readFile(absolute), forms);
      if (held || (file.path.endsWith('.parquet') && (await rowsHold(duck, absolute, forms)))) holding.push(file.path);
    }
    return holding;
  });
}

/** Row group by row group: a file of the archive holds hundreds of megabytes. */
async function rowsHold(duck: WorkDuck, file: string, forms: readonly string[]): Promise<boolean> {
  const result = await duck.connection.stream(`from ${parquet([file])}`);
  for await (const rows of result.yieldRowsJs()) {
    if (rows.some((row) => row.some((cell) => cellHolds(cell, forms)))) return true;
  }
  return false;
}

function cellHolds(cell: unknown, forms: readonly string[]): boolean {
  if (typeof cell === 'string') return forms.some((form) => cell.includes(form));
  return cell instanceof Uint8Array && bytesHold(cell, forms);
}
