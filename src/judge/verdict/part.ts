import { z } from 'zod';
import type { CheckedPart } from '../contract.ts';
import { repairMessage } from '../prompt/prompt.ts';
import { MOST_PASSAGES } from '../prompt/v1/part.ts';
import { folded } from '../render/neutral.ts';
import type { RenderedEvent } from '../render/render.ts';
import { parsedAnswer } from './json-text.ts';
import { enoughVerified, evidenceProblem, QuoteBook } from './quotes.ts';

const PartAnswer = z.strictObject({
  passages: z.array(z.strictObject({ event: z.string(), quote: z.string(), about: z.string() })).max(MOST_PASSAGES),
});

/**
 * Checks what the reader of a part points at. Only what stands in the part goes on to the question that is scored, so that no words of a
 * model, which may repeat an order of the transcript, stand in it.
 */
export function partChecker(events: ReadonlyMap<string, RenderedEvent>): (text: string) => Promise<CheckedPart> {
  const book = new QuoteBook(events);
  return async (text) => {
    const read = PartAnswer.safeParse(parsedAnswer(text));
    if (!read.success) return invalid('parse', 'It is not one JSON object of the schema.');
    const checked = read.data.passages.map((passage) => book.check(passage));
    if (!enoughVerified(checked)) return invalid('evidence', evidenceProblem(checked));
    const found = checked.flatMap((quote) => (quote.found === null ? [] : [{ ...quote, found: quote.found }]));
    return {
      status: 'read',
      passages: found.map((quote) => ({
        alias: quote.found.event.entry.alias,
        quote: folded(quote.given.quote),
      })),
    };
  };
}

function invalid(kind: 'parse' | 'evidence', problem: string): CheckedPart {
  return { status: 'invalid', kind, problem: repairMessage(problem) };
}
