import { createHmac } from 'node:crypto';
import { findSecrets, type Found } from './find.ts';
import { isToken } from './values.ts';

/** A secret of the machine's own, known by its keyed hash only. */
export interface KnownSecret {
  readonly length: number;
  /** HMAC-SHA256 with the store's key, hex. */
  readonly hash: string;
}

/** A word as a secret is written: what stands around it in texts is none of these. */
const word = /[A-Za-z0-9_\-.+/~]{12,256}/g;
const wholeWord = /^[A-Za-z0-9_\-.+/~]{12,256}$/;
/** Programs put values of each window into names that say secret, too; those change with every window. */
const tellingName =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET_?KEY|CREDENTIALS?)(?:_|$)/i;
const ofWindow = /^(?:VSCODE|CURSOR|TERM|WINDOW|SSH|GPG|DBUS|XDG)_|SESSION/i;

function hashOfSecret(value: string, key: Uint8Array): string {
  return createHmac('sha256', key).update('known\u0000').update(value).digest('hex');
}

/** Values of variables whose names say that they are secrets, and that no rule would see by itself. */
export function secretsOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  key: Uint8Array,
): readonly KnownSecret[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    tellingName.test(name) && !ofWindow.test(name) && isOwnSecret(value) ? [knownSecret(value, key)] : [],
  );
}

/** `export NAME=`, `name: `, `"name": `: what stands before a value, and is no secret. */
const nameOfValue = /^\s*(?:export\s+)?["']?[\w.-]+["']?\s*[:=]/;

/** The values in a file that a person named as one of secrets: whatever its names say, every word that is written as a secret is. */
export function secretsOfFile(text: string, key: Uint8Array): readonly KnownSecret[] {
  const values = text.split('\n').flatMap((line) => line.replace(nameOfValue, '').match(word) ?? []);
  return [...new Set(values)].filter(isOwnSecret).map((value) => knownSecret(value, key));
}

/** One that no rule would see by itself. */
function isOwnSecret(value: string): boolean {
  if (!wholeWord.test(value) || value.startsWith('/') || value.includes('//')) return false;
  return isToken(value) && findSecrets(value).length === 0;
}

function knownSecret(value: string, key: Uint8Array): KnownSecret {
  return { length: value.length, hash: hashOfSecret(value, key) };
}

/** Known secrets where they stand as a whole word. */
export class KnownSecrets {
  readonly #key: Uint8Array;
  readonly #hashes: ReadonlySet<string>;
  readonly #lengths: ReadonlySet<number>;

  constructor(known: readonly KnownSecret[], key: Uint8Array) {
    this.#key = key;
    this.#hashes = new Set(known.map(({ hash }) => hash));
    this.#lengths = new Set(known.map(({ length }) => length));
  }

  find(text: string): readonly Found[] {
    if (this.#hashes.size === 0) return [];
    const found: Found[] = [];
    for (const { 0: value, index: start } of text.matchAll(word)) {
      if (!this.#lengths.has(value.length) || !/\d/.test(value)) continue;
      if (!this.#hashes.has(hashOfSecret(value, this.#key))) continue;
      found.push({ start, end: start + value.length, kind: 'known' });
    }
    return found;
  }
}
