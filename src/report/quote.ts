import { stripVTControlCharacters } from 'node:util';
import { redactAll } from '../core/redact/redact.ts';
import { visibleLine } from '../core/visible.ts';

/**
 * Characters of a quote: enough to know the trouble again, too few to carry instructions. Our own sentences are longer, and
 * so are the quotes of a report that shows all.
 */
const CHARACTERS = { quote: 120, long: 400, sentence: 500 } as const;

export interface Quotable {
  readonly text: string;
  readonly kind: keyof typeof CHARACTERS;
}

/**
 * How texts may be shown in a report: secrets and persons hidden, on one line, every control and invisible character visible,
 * cut. Redaction comes before the cut, which could leave half a secret. The answer knows only the given texts.
 */
export async function quoted(
  given: readonly Quotable[],
  redactionKey: Uint8Array,
): Promise<(quotable: Quotable) => string> {
  const texts = [...new Set(given.map(({ text }) => text))];
  const redacted = await redactAll(texts.map(stripVTControlCharacters), redactionKey);
  const shown = new Map(texts.map((text, index) => [text, folded(redacted[index] ?? '')]));
  return ({ text, kind }) => cut(shown.get(text) ?? '', CHARACTERS[kind]);
}

function folded(text: string): string {
  return visibleLine(text.trim().replaceAll('\r\n', '\n'))
    .replaceAll(/ *\u23ce[\u23ce ]*/g, ' \u23ce ')
    .replaceAll(/ {2,}/g, ' ');
}

function cut(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}\u2026`;
}
