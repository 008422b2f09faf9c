import { createHash, hash } from 'node:crypto';
import type { Json } from '../core/json.ts';

/** The text of a file of our own below a hash of it: what somebody changed, or a crash cut, is known (security.md T49). */
export function sealed(value: object): string {
  const text = JSON.stringify(value);
  return `${hash('sha256', text, 'hex')}\n${text}`;
}

/** Characters that become one piece. */
const PIECE_CHARACTERS = 256 * 1024;

/**
 * As `sealed` of the object whose JSON these texts are together. It never is one text, which has to fit into the program's memory several times
 * (as values, as text, as bytes) and may not be longer than 512 MB.
 */
export function sealedPieces(texts: Iterable<string>): readonly Uint8Array[] {
  const digest = createHash('sha256');
  const pieces: Uint8Array[] = [];
  let waiting: string[] = [];
  let characters = 0;
  const end = (): void => {
    const piece = Buffer.from(waiting.join(''));
    digest.update(piece);
    pieces.push(piece);
    waiting = [];
    characters = 0;
  };
  for (const text of texts) {
    waiting.push(text);
    characters += text.length;
    if (characters >= PIECE_CHARACTERS) end();
  }
  end();
  return [Buffer.from(`${digest.digest('hex')}\n`), ...pieces];
}

/** The value as it was sealed; undefined for anything else. */
export function unsealed(content: string): Json | undefined {
  const end = content.indexOf('\n');
  const text = content.slice(end + 1);
  if (end !== 64 || hash('sha256', text, 'hex') !== content.slice(0, end)) return undefined;
  const value: Json = JSON.parse(text);
  return value;
}
