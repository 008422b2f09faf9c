import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, SeshError, UsageError } from '../../core/errors.ts';
import type { ProviderName } from './provider.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a provider's key is looked for; a key for one service is never shown to another. */
export const keyPlaces: Readonly<Record<ProviderName, { readonly variable: string; readonly file: string }>> = {
  anthropic: { variable: 'ANTHROPIC_API_KEY', file: 'anthropic.key' },
  openai: { variable: 'OPENAI_API_KEY', file: 'openai.key' },
  'openai-compatible': { variable: 'SESH_JUDGE_KEY', file: 'judge.key' },
};

/** The key from the environment, else from a file that only its owner can read; null when there is none. */
export async function readKey(
  provider: ProviderName,
  env: Environment,
  configDirectory: string,
): Promise<string | null> {
  const { variable, file } = keyPlaces[provider];
  const own = env[variable] ?? '';
  if (own !== '') return checkedKey(own, variable);
  const path = join(configDirectory, file);
  const text = await textOf(path);
  return text === null ? null : checkedKey(text, path);
}

async function textOf(path: string): Promise<string | null> {
  try {
    const { mode } = await lstat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new SeshError(`Others on this machine can read the key in ${path}.`, { hint: `Run: chmod 600 ${path}` });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What is no key must not get into a header, nor into a message that quotes the header. */
function checkedKey(text: string, where: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]{1,500}$/.test(key)) return key;
  throw new UsageError(`Expected ${where} to hold a key: printable characters on one line.`);
}
