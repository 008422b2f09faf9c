/**
 * Markdown in which text from transcripts stays text. It stands only in code spans and fenced blocks, where CommonMark and
 * GitHub look for no links, mentions, HTML or emphasis; everything else on the page is our own.
 */

/** A code span around one line of any text. */
export function code(text: string): string {
  const shown = defanged(text.replaceAll(/[\r\n]+/g, ' ').trim());
  if (shown === '') return '`(empty)`';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** The same for a cell of a table, which even in a code span ends at a vertical bar. */
export function codeCell(text: string): string {
  return code(text.replaceAll('|', '\u00a6'));
}

/** A fenced block; each line begins with `| `, so that none reads as an order or as the block's end. */
export function quoteBlock(text: string): string {
  const lines = defanged(text).split(/\r\n|[\r\n]/);
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return [`${fence}text`, ...lines.map((line) => `| ${line}`), fence].join('\n');
}

/** Text of our own data files (remedies): every character that could mean something is escaped. */
export function plain(text: string): string {
  return defanged(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll('@', ' (at) ')
    .replaceAll('//', '/ /')
    .replaceAll(/[\\`*_[\]<>#|~$&]|^[-+=]|^\d+(?=[.)])|:(?=\S)/g, (found) =>
      /\d/.test(found) ? `${found}\\` : `\\${found}`,
    );
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** A GitHub table; the cells are markdown already. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

/** Addresses that no viewer turns into a link, inside code too. */
function defanged(text: string): string {
  return text
    .replaceAll(/http(s?):\/\//gi, 'hxxp$1://')
    .replaceAll(/\b(?!hxxps?:)([a-z][a-z0-9+.-]{1,20}):\/\//gi, '$1[:]//')
    .replaceAll(/www\./gi, 'www[.]');
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
