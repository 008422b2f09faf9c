import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../core/errors.ts';
import { asArray, asObject, asText, type Json, type JsonObject } from '../core/json.ts';
import { makeDirectory, writeFileDurably } from '../lake/files.ts';
import { sha256 } from './prompt/canonical.ts';

/**
 * That transcripts may go to a host, under one key: another host, or another account at the same one, is asked about again.
 */
export interface Consent {
  readonly host: string;
  /** Tells keys apart without telling anything about them. */
  readonly keyId: string;
}

const FILE = 'judge-consent.json';
const KEY_ID_LENGTH = 12;

export function keyIdOf(key: string | null): string {
  return key === null ? 'no key' : sha256(`key ${key}`).slice(0, KEY_ID_LENGTH);
}

export async function isConsented(configDirectory: string, consent: Consent): Promise<boolean> {
  return (await consents(configDirectory)).some(({ host, keyId }) => host === consent.host && keyId === consent.keyId);
}

export async function keepConsent(configDirectory: string, consent: Consent, now: Date): Promise<void> {
  if (await isConsented(configDirectory, consent)) return;
  const kept = [...(await entries(configDirectory)), { ...plain(consent), at: now.toISOString() }];
  await makeDirectory(configDirectory);
  await writeFileDurably(join(configDirectory, FILE), `${JSON.stringify({ consents: kept }, null, 2)}\n`);
}

function plain({ host, keyId }: Consent): JsonObject {
  return { host, key_id: keyId };
}

async function consents(configDirectory: string): Promise<readonly Consent[]> {
  return (await entries(configDirectory)).map((entry) => ({
    host: asText(entry['host']) ?? '',
    keyId: asText(entry['key_id']) ?? '',
  }));
}

/** A file that cannot be read says yes to nothing. */
async function entries(configDirectory: string): Promise<readonly JsonObject[]> {
  const text = await readFile(join(configDirectory, FILE), 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return '{}';
    throw error;
  });
  try {
    const json: Json = JSON.parse(text);
    return (asArray(asObject(json)?.['consents']) ?? []).map(asObject).filter((entry) => entry !== null);
  } catch {
    return [];
  }
}
