import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, SeshError } from '../core/errors.ts';
import type { DataFile } from './log/actions.ts';
import { hashedName } from './log/commit.ts';

/** What is wrong with a file that the log names, as a sentence; null when nothing is. Reads all of it. */
export async function faultOf(path: string, file: DataFile): Promise<string | null> {
  const found = await measure(path);
  if (typeof found === 'string') return found;
  if (found.sizeBytes !== file.sizeBytes)
    return `The file has ${found.sizeBytes} bytes; the log says ${file.sizeBytes}.`;
  const expected = hashedName.exec(file.path)?.[1];
  if (expected !== undefined && !found.sha256.startsWith(expected))
    return 'The file is not what was written: its hash differs from its name.';
  return null;
}

async function measure(path: string): Promise<{ readonly sizeBytes: number; readonly sha256: string } | string> {
  const hash = createHash('sha256');
  const stream = createReadStream(path);
  try {
    await pipeline(stream, hash);
    return { sizeBytes: stream.bytesRead, sha256: hash.digest('hex') };
  } catch (error) {
    return `The file cannot be read: ${messageOf(error)}.`;
  }
}

/** Paths of the files of a table that are not what was written. */
export async function damagedFiles(tableDirectory: string, files: readonly DataFile[]): Promise<ReadonlySet<string>> {
  const damaged = new Set<string>();
  for (const file of files) if ((await faultOf(join(tableDirectory, file.path), file)) !== null) damaged.add(file.path);
  return damaged;
}

/** Refuses a table whose files are missing or cut short, which DuckDB would tell in words of its own. Looks at sizes only. */
export async function refuseMissingFiles(tableDirectory: string, files: readonly DataFile[]): Promise<void> {
  for (const file of files) {
    const path = join(tableDirectory, file.path);
    const size = await stat(path).then(
      (status) => status.size,
      () => null,
    );
    if (size === file.sizeBytes) continue;
    throw new SeshError(
      `The store is damaged: ${path} ${size === null ? 'is missing' : `has ${size} bytes, not ${file.sizeBytes}`}.`,
      { hint: 'Run `sesh sync --full` to make it again from the archive; `sesh doctor` lists all that is damaged.' },
    );
  }
}
