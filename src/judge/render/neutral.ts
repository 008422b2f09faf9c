/** Brackets that look like `<` and `>`; the prompt itself uses only those two. */
const OPEN = '[<\u2039\u2329\u276c\u276e\u27e8\u3008\ufe64\uff1c]';
const CLOSE = '[>\u203a\u232a\u276d\u276f\u27e9\u3009\ufe65\uff1e]';

const sections =
  'transcript|facts|reminder|system|assistant|user|human|developer|instructions?|rules|verdict|judge|tool_results?|function_results?|function_calls?|antml:|think(?:ing)?';

const rewrites: readonly (readonly [RegExp, string])[] = [
  // Tags of the prompt's own sections and of chat formats.
  [new RegExp(`${OPEN}(\\s{0,3}/?\\s{0,3})((?:${sections})[^<>\n]{0,80}?)${CLOSE}`, 'giu'), '\u2039$1$2\u203a'],
  [new RegExp(`${OPEN}(\\s{0,3}/?\\s{0,3})(?=transcript)`, 'giu'), '\u2039$1'],
  // Chat templates: <|im_start|>, <<SYS>>, [INST].
  [/<\|([^|<>\n]{0,60})\|>/g, '\u2039\u00a6$1\u00a6\u203a'],
  [/<<(\/?SYS)>>/g, '\u2039$1\u203a'],
  [/\[(\/?INST)\]/g, '($1)'],
  // A role at the beginning of a line, as in a printed dialogue.
  [
    /^([ \t>*#_-]{0,8})(system|assistant|human|user|developer|model|ai|judge|grader|evaluator)((?: prompt| message)?[*_]{0,2}) {0,3}[:\uff1a]/gim,
    '$1$2$3\u2236',
  ],
  // The prompt's own event numbers, and drawn lines that begin or end something.
  [/\[(E\d{1,6})\]/g, '($1)'],
  [/^[ \t]*[-=#*_~]{2,}[ \t]*((?:begin|end|start|stop)\b)/gim, '\u00b7 $1'],
];

/** A text in which nothing can be taken for a part of the prompt around it. The words stay; their marks change. */
export function neutral(text: string): string {
  return rewrites.reduce((shown, [pattern, mark]) => shown.replaceAll(pattern, mark), text);
}

/**
 * Text for comparing a quote with its source: normal form, every run of white space one space, and the marks that `neutral` and
 * the layout put in taken back, because a judge that copies by meaning writes the plain ones.
 */
export function folded(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\n\| ?/g, '\n')
    .replaceAll('\u2039', '<')
    .replaceAll('\u203a', '>')
    .replaceAll('\u00a6', '|')
    .replaceAll('\u2236', ':')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
