// C0 but tab and line feed, DEL, C1; soft hyphen, bidi marks and overrides, zero-width and joining characters, line and
// paragraph separators, interlinear marks, tag characters, the variation selectors that can carry hidden text, and one that
// follows another: no writing has such.
const hazard =
  // oxlint-disable-next-line eslint/no-control-regex, eslint/no-misleading-character-class -- these are what must be found
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?<=[\ufe00-\ufe0f])[\ufe00-\ufe0f]/gu;

/**
 * Text that cannot move the cursor, set a title, write the clipboard, make a link, answer into stdin or turn the
 * reading direction: every control and invisible character becomes a visible symbol. Line feeds and tabs stay.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replaceAll(hazard, symbol);
}

/** The same for a text that must stay on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\u23ce').replaceAll('\t', ' ');
}

function symbol(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Unicode has a picture of each C0 control and of DEL.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** JSON whose text holds no control or invisible character: they are written as escapes and read back unchanged. */
export function visibleJson(document: unknown): string {
  return JSON.stringify(document, null, 2).replaceAll(hazard, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
