import MarkdownIt, { type Token } from 'markdown-it';
import * as fc from 'fast-check';

/** CommonMark with GitHub's tables, HTML allowed, and links found more eagerly than GitHub does. */
const parser = new MarkdownIt({ html: true, linkify: true });

/** The page as a tree of node types; text and code spans keep only that they are there. */
export function treeOf(markdown: string): readonly string[] {
  return parser.parse(markdown, {}).flatMap((token) => [shape(token), ...(token.children ?? []).map(shape)]);
}

function shape({ type, tag, level, info, map, block }: Token): string {
  return [type, tag, level, block ? info : '', block ? (map ?? []).join('-') : ''].join(' ');
}

/** Texts that mean something to a reader of markdown, HTML or XML, or to a person's eye. */
export const HOSTILE = [
  '# heading',
  '`',
  '```',
  '``````````',
  '~~~',
  '| a | b |',
  'a|b\\|c\\\\|d',
  '|---|',
  '- item',
  '1. item',
  '> quote',
  '---',
  '===',
  '***bold*** _it_ ~~x~~',
  '<script>alert(1)</script>',
  '<!-- comment',
  '-->',
  '<details>',
  '![image](https://evil.example/x.png)',
  '[link](javascript:alert(1))',
  '[ref]: https://evil.example',
  '<https://evil.example>',
  'https://evil.example/?q=1',
  'HTTP://EVIL.example',
  'www.evil.example',
  'ftp://evil.example',
  'mailto:eve@evil.example',
  'eve@evil.example',
  '//evil.example',
  '@team #12 :tada: $x$',
  '&lt;b&gt; &#60;',
  '\\',
  '\\`',
  '    indented code',
  'text\\',
  '{{ template }} {% raw %}',
  '\u00a0',
  'ends with `',
  '` begins with',
  '[^1]',
  '- [ ] task',
  'trailing  ',
  ']]><svg onload="x">',
  'Status: fixed',
];

/** What a transcript can hold before it is made visible and one line: only whole texts of views hold these. */
export const HOSTILE_RAW = [
  '---\ntitle: front matter\n---',
  'line\n\n# heading\n\n- item',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link',
  'right \u202eto left\u202c \u2066isolated\u2069',
  'nul \u0000 bell \u0007 zero\u200bwidth \ufeff',
  '```\n| fence\n```',
  '\r# carriage',
];

export const hostileMixture = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE, ' ', 'x'), fc.string({ unit: 'grapheme', maxLength: 4 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ' '));
