import { findSecrets, type Found } from './find.ts';
import type { Finding } from './kinds.ts';
import { findByLibrary } from './library.ts';
import { fingerprint, markOf, markPattern, merged } from './mark.ts';
import { findMarked, markedIn } from './marked.ts';
import { hideAddresses, hideHomes } from './personal.ts';
import { isShared } from './values-index.ts';

/** What redaction leaves behind; such a stretch is never looked into again. */
const marker = new RegExp(String.raw`(${markPattern}|\[email:[0-9a-f]{6}\])`);

/**
 * The texts with secrets replaced by `[secret:<kind>:<6 hex of HMAC-SHA256>]`, mail addresses by `[email:<6 hex>]` and home
 * directories by `~`. Equal secrets keep equal marks; without `key` nothing can be guessed back. A secret found in one
 * text, or marked in one with the same key before, is hidden in all. Redacting again changes nothing: the search goes on until it finds nothing more.
 */
export async function redactAll(texts: readonly string[], key: Uint8Array): Promise<readonly string[]> {
  let current = texts;
  for (;;) {
    const next = await redactOnce(current, key);
    if (next.every((text, index) => text === current[index])) return next;
    current = next;
  }
}

interface Piece {
  readonly text: string;
  readonly isMarker: boolean;
}

async function redactOnce(texts: readonly string[], key: Uint8Array): Promise<readonly string[]> {
  const pieces = texts.map(piecesOf);
  const open = pieces.flat().filter((piece) => !piece.isMarker);
  const byLibrary = await findByLibrary(open.map((piece) => piece.text));
  const marked = markedIn(texts);
  const findings = new Map(
    open.map((piece, index) => [
      piece,
      [...findSecrets(piece.text), ...(byLibrary[index] ?? []), ...findMarked(piece.text, marked, key)],
    ]),
  );
  const shared = sharedValues(findings);
  return pieces.map((list) =>
    list
      .map((piece) => (piece.isMarker ? piece.text : hide(piece.text, findings.get(piece) ?? [], shared, key)))
      .join(''),
  );
}

function piecesOf(text: string): readonly Piece[] {
  return text.split(marker).map((part, index) => ({ text: part, isMarker: index % 2 === 1 }));
}

/** A secret is never in one place only: it also stands in commands, diffs and the summary. */
function sharedValues(findings: ReadonlyMap<Piece, readonly Found[]>): readonly (readonly [string, Finding])[] {
  const values = new Map<string, Finding>();
  for (const [piece, found] of findings) {
    for (const finding of found) {
      const value = finding.hidden ?? piece.text.slice(finding.start, finding.end);
      if (isShared(value)) values.set(value, finding);
    }
  }
  return [...values];
}

function hide(
  text: string,
  findings: readonly Found[],
  shared: readonly (readonly [string, Finding])[],
  key: Uint8Array,
): string {
  const everywhere = shared.flatMap(([value, { kind }]) =>
    placesOf(text, value).map((start) => ({ start, end: start + value.length, kind })),
  );
  let shown = '';
  let done = 0;
  for (const { start, end, kind, hidden } of merged<Found>([...findings, ...everywhere])) {
    shown += text.slice(done, start) + markOf(kind, hidden ?? text.slice(start, end), key);
    done = end;
  }
  return hidePersonal(shown + text.slice(done), key);
}

function placesOf(text: string, value: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) places.push(at);
  return places;
}

function hidePersonal(text: string, key: Uint8Array): string {
  return hideAddresses(hideHomes(text), (address) => `[email:${fingerprint(address.toLowerCase(), key)}]`);
}
