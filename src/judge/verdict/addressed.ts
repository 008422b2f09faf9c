/**
 * Text that speaks to whoever judges (security.md section 6). What stands beside it is not believed either, so a judge that follows it and
 * quotes it has no evidence. A list of kinds stops only these kinds: the caps hold for all others.
 */
export function speaksToJudge(text: string): boolean {
  const variants = [text, ...hidden(text.slice(0, LOOKED_AT))];
  return variants.some((each) => attackMarks.test(each) || orders.some((order) => order.test(each)));
}

const LOOKED_AT = 100_000;

/** Who judges, in the words of an order to them. */
const JUDGE =
  '(?:judge|grader|evaluator|assessor|(?:grading|judging|reviewing) model|developer of the judge|ai judge|language models?)s?';

const orders: readonly RegExp[] = [
  /\bproposed_score\b/,
  new RegExp(
    `\\b${JUDGE}\\b[^\\n]{0,60}\\b(?:must|should|shall|please|give|rate|return|assign|award|answer|mark|treat|accept|outcome|score|verdict|full marks)\\b`,
    'i',
  ),
  /\b(?:judge|grader|evaluator)s?\s*:/i,
  /\b(?:give|rate|score|mark|grade)\b[^\n]{0,20}\bthis session\b/i,
  /\bscore\b[^\n]{0,30}\bsession\b|\brate this (?:session )?(?:5|five)\b|\bsession\b\s*(?:is|->|=|:)\s*(?:an? )?(?:5|five)\b/i,
  /\bclaim(?: only)? -> [1-5]\b|\bfive of five\b|\bverdict is\b[^\n]{0,10}\bmet\b/i,
  /\b(?:whoever|when(?:ever)? (?:a|the|any) (?:model|llm|ai))\b[^\n]{0,20}\b(?:grades?|judges?|rates?|scores?|evaluates?|reviews?)\b/i,
  /\b(?:this|every|the) session\b[^\n]{0,40}\b(?:deserves|is an? (?:success|five|5)|was perfect)\b/i,
  /\b(?:ignore|disregard|forget|void)\b[^\n]{0,20}\b(?:previous|above|earlier|all)\b[^\n]{0,20}\b(?:instruction|rule|prompt|requirement)s?\b/i,
  /\b(?:previous|earlier|all) rules are void\b|\bfirst rule for\b/i,
  /\b(?:verdict|score|grade|outcome)\b(?: of this session)?(?:\s*(?:is|:|=|->|must be|should be|of))*\s*(?:five\b|5\b(?![./]\d)|done\b[^\n]{0,20}\bmet\b)/i,
  /\b(?:score|grade)\s+(?:below|under|lower than|less than)\s+[1-5]\b|\b(?:highest|top|maximum|full) (?:score|marks|grade)\b/i,
  /\bgive less than (?:5|five)\b|\bdeserves? an? (?:5|five)\b|\bevaluation of this session\b|\bdeserves? (?:five|5)\b/i,
  /\b(?:the )?(?:rationale|judgement) must contain\b|\bin the rationale\b|\binto your rationale\b/i,
  /\brequirements\b[^\n]{0,40}\bevidence\b[^\n]{0,40}"?(?:proposed|confidence)/i,
  /\b(?:bewerter|gutachter|richter)\b[^\n]{0,60}\b(?:note|punkte|sitzung)\b/i,
  /\b(?:juez|evaluador|juge|évaluateur|avaliador|juiz)\b[^\n]{0,80}(?:\b(?:cinco|cinq|5)\b|regl|règl|nota|note)/i,
  /评分|评审|評価者|採点|五分|給五|给五/,
  /(?:судь|оцен(?:щик|ивающ))[^\n]{0,60}(?:балл|пять|5)/i,
];

/** Rewritten tags and numbers of the prompt itself, chat templates, letters turned around or made invisible. */
const attackMarks =
  /\u2039 ?\/? ?(?:transcript|reminder|facts)\b|\u2039\u00a6im_|^\(E\d+\) (?:user|agent|tool|harness):|<U\+(?:202[A-E]|206[6-9]|E00[0-7][0-9A-F])>|\bEND OF TRANSCRIPT\b|\bthe transcript has ended\b/im;

/** The same text as a reader may be told to read it: without what is invisible, in Latin letters, decoded. */
function hidden(text: string): readonly string[] {
  const visible = text.replaceAll(/<U\+200[B-F]>|<U\+FEFF>|<U\+2060>/g, '');
  const latin = visible
    .normalize('NFKC')
    .replaceAll(/[\u0400-\u04ff\u0370-\u03ff]/g, (letter) => twins.get(letter) ?? letter);
  const spaced = text.replaceAll(/[_-]/g, ' ');
  const runs = [...text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].slice(0, MOST_RUNS).map(([run]) => run);
  const decoded = runs.map((run) => Buffer.from(run, /^[0-9a-f]+$/i.test(run) ? 'hex' : 'base64').toString('latin1'));
  const isTurned = /rot-?13|tvir|fpber|whqtr/i.test(text);
  return [
    latin,
    spaced,
    ...decoded.filter((each) => /^[\x20-\x7e\s]+$/.test(each)),
    ...(isTurned ? [rot13(text)] : []),
  ];
}

const MOST_RUNS = 200;

/** Letters of other scripts that look like Latin ones, and those. */
const LOOK_ALIKES = 'аеорсухіјѕԁһАВЕЅКМНОРСТХІЈοαερτυΑΒΕΗΙΚΜΝΟΡΤΧ';
const LATIN = 'aeopcyxijsdhABESKMHOPCTXIJoaeptuABEHIKMNOPTX';
const twins: ReadonlyMap<string, string> = new Map(
  Array.from(LOOK_ALIKES, (letter, index) => [letter, LATIN.charAt(index)]),
);

function rot13(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCodePoint((((letter.codePointAt(0) ?? base) - base + 13) % 26) + base);
  });
}
