import { stripVTControlCharacters } from 'node:util';
import { boundText } from '../../core/text.ts';
import { visibleLine } from '../../core/visible.ts';
import type { Entry } from './entry.ts';
import { maskNames } from './names.ts';
import { neutral } from './neutral.ts';

/** More of one text is never looked at: far beyond what is shown, so that no half secret at this cut can be. */
const LOOKED_AT = { head: 100_000, tail: 300_000 };

/** What goes to redaction: colours could split a secret. A person's words stay whole. */
export function beforeRedaction({ role, text }: Entry): string {
  const near = role === 'user' ? text : boundText(text, LOOKED_AT);
  return stripVTControlCharacters(near.toWellFormed());
}

/**
 * A redacted text as it may stand in a prompt: line feeds only, every control and invisible character visible, in normal
 * form, names of models masked except in a person's words, marks of the prompt rewritten.
 */
export function cleaned(redacted: string, entry: Entry, ownModels: readonly string[]): string {
  const visible = redacted
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => visibleLine(line))
    .join('\n')
    .normalize('NFC');
  return neutral(entry.role === 'user' ? visible : maskNames(visible, ownModels));
}
