import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, asText } from '../../core/json.ts';
import { removeFile, writeCacheFile } from '../../lake/files.ts';
import { sealed, unsealed } from '../../lake/sealed.ts';

/** Which file of the folder has the rows of a key. */
export type Manifest = ReadonlyMap<string, string>;

const NAME = 'manifest.json';
/** A reader that began before the last publish may still open what is no longer named. */
const GRACE_MS = 3_600_000;

/** What is not as it was written is no manifest: everything in the folder can be made again. */
export async function readManifest(directory: string): Promise<Manifest> {
  try {
    const json = asObject(unsealed(await readFile(join(directory, NAME), 'utf8')));
    const entries = Object.entries(asObject(json?.['files']) ?? {});
    return new Map(entries.flatMap(([key, file]) => [[key, asText(file) ?? '']] as const));
  } catch {
    return new Map();
  }
}

/** Of two programs that write at the same time one wins; what the other had found is found again. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  await writeCacheFile(join(directory, NAME), sealed({ files: Object.fromEntries(manifest) }));
}

/** Removes the files that nothing names any more. */
export async function prune(directory: string, manifest: Manifest): Promise<void> {
  const named = new Set(manifest.values());
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.parquet') || named.has(name)) continue;
    const path = join(directory, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > GRACE_MS) await removeFile(path);
  }
}
