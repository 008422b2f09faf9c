import { redactAll } from '../../core/redact/redact.ts';
import { wellFormed } from '../../core/text.ts';
import { visibleLine } from '../../core/visible.ts';

const MARK = '[address]';

/** Addresses in every form that a reader, a terminal or a page could follow. */
const addresses: readonly (readonly [RegExp, string])[] = [
  // Pictures and links of Markdown keep their words.
  [/!?\[([^[\]\n]{0,200})\]\([^)[\n]{0,2000}\)/g, '$1'],
  [/<(?!U\+)\/?[a-z!][^<>]{0,2000}>/gi, ''],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S*/gi, MARK],
  [/\b(?:javascript|data|vbscript|mailto|tel|file|blob):\S+/gi, MARK],
  [/(?<![\w:])\/\/[\w-]+(?:\.[\w-]+)+\S*/g, MARK],
  [/\bwww\.\S+/gi, MARK],
  [
    /(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|net|org|io|dev|app|ai|co|info|biz|xyz|me|ly|gg|sh|cloud|site|online|top|example|test|invalid|ru|cn|de|uk|fr|nl|eu)(?::\d+)?(?:\/\S*|(?![\w.-]*\w))/gi,
    MARK,
  ],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:\/\S*)?/g, MARK],
];

/** A text of the model's own as it may be stored: one line, no addresses, nothing invisible, redacted, at most `most` characters. */
export async function storedTexts(
  texts: readonly { readonly text: string; readonly most: number }[],
  redactionKey: Uint8Array,
): Promise<readonly string[]> {
  const stripped = texts.map(({ text }) => withoutAddresses(text.slice(0, LOOKED_AT)));
  const redacted = await redactAll(stripped, redactionKey);
  return redacted.map((text, index) => bounded(text, texts[index]?.most ?? 0));
}

const LOOKED_AT = 10_000;

function withoutAddresses(text: string): string {
  const line = visibleLine(wellFormed(text).text).normalize('NFC');
  const shown = addresses.reduce((shown, [pattern, mark]) => shown.replaceAll(pattern, mark), line);
  return shown.replaceAll(/\s+/g, ' ').trim();
}

/** Cut by characters, so that no pair is split; `most` counts UTF-16 units. */
function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > most - 1) break;
    kept += character;
  }
  return `${kept}\u2026`;
}
