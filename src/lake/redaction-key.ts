import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, SeshError } from '../core/errors.ts';
import { writeFileIfAbsent } from './files.ts';

/** The secret behind the marks of redaction; without it nobody can tell a mark from a guess. Never leaves the store. */
export const KEY_FILE = 'redaction.key';
const KEY_BYTES = 32;

/** The store's key, made on first use (mode 0600). Of two runs that make it at once both use the one that was first. */
export async function redactionKey(storeDirectory: string): Promise<Uint8Array> {
  const path = join(storeDirectory, KEY_FILE);
  const known = await readKey(path);
  if (known !== null) return known;
  await writeFileIfAbsent(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
  const made = await readKey(path);
  if (made === null)
    throw new SeshError(`${path} was removed while it was in use.`, { hint: 'Run the command again.' });
  return made;
}

async function readKey(path: string): Promise<Uint8Array | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw new SeshError(`${path} cannot be read.`, { hint: 'Check who owns the store.', cause: error });
  }
  throw new SeshError(`${path} does not hold a key.`, {
    hint: 'Remove the file: a new key is made, and the marks in later reports differ from those in earlier ones.',
  });
}
