import type { Evidence, QuoteCounts } from '../contract.ts';
import { folded } from '../render/neutral.ts';
import type { RenderedEvent } from '../render/render.ts';

/** A shorter quote stands in too many places to prove anything; a longer one is no quote. */
const LENGTH = { least: 12, most: 1000, kept: 300 };
/** Letters and digits that a quote must have: rules and brackets prove nothing. */
const LEAST_WORD_CHARACTERS = 6;

type QuoteState = 'verified' | 'wrongEvent' | 'notFound' | 'elided';

export interface CheckedQuote {
  readonly state: QuoteState;
  /** What the judge wrote. */
  readonly given: { readonly event: string; readonly quote: string };
  /** Null unless verified. */
  readonly found: FoundQuote | null;
}

interface FoundQuote {
  readonly event: RenderedEvent;
  readonly evidence: Evidence;
  /** Said when the agent had called a tool before. */
  readonly afterFirstCall: boolean;
  /** The judge took it for something else than it is. */
  readonly roleCorrected: boolean;
}

interface SearchableEvent {
  readonly event: RenderedEvent;
  readonly full: string;
  readonly sent: string | null;
}

/** Looks quotes up in the events of one session. */
export class QuoteBook {
  readonly #events: ReadonlyMap<string, SearchableEvent>;

  constructor(events: ReadonlyMap<string, RenderedEvent>) {
    this.#events = new Map(
      [...events].map(([alias, event]) => [
        alias,
        { event, full: folded(event.entry.full), sent: event.sent === null ? null : folded(event.sent) },
      ]),
    );
  }

  /** `kind` is what the judge takes the quote for; checks and side effects say none. */
  check(given: { readonly event: string; readonly quote: string; readonly kind?: Evidence['kind'] }): CheckedQuote {
    const quote = folded(given.quote);
    const named = this.#events.get(aliasOf(given.event));
    if (!isQuotable(quote)) return { state: 'notFound', given, found: null };
    if (named === undefined || !named.full.includes(quote)) {
      const elsewhere = [...this.#events.values()].some(({ full }) => full.includes(quote));
      return { state: elsewhere ? 'wrongEvent' : 'notFound', given, found: null };
    }
    if (named.sent === null || !named.sent.includes(quote)) return { state: 'elided', given, found: null };
    const kind = this.#kindOf(named.event, quote, given.kind);
    const { eventId, sourceLine } = named.event.entry.event;
    return {
      state: 'verified',
      given,
      found: {
        event: named.event,
        evidence: { eventId, sourceLine, quote: cut(quote), kind },
        afterFirstCall: this.#isAfterFirstCall(named.event),
        roleCorrected: given.kind !== undefined && kind !== given.kind,
      },
    };
  }

  #isAfterFirstCall({ entry }: RenderedEvent): boolean {
    for (const { event } of this.#events.values()) {
      if (event.entry.alias === entry.alias) return false;
      if (event.entry.event.kind === 'tool_call') return true;
    }
    return false;
  }

  /**
   * What a quote proves by where it stands, whatever the judge says. A tool that prints what the agent gave it, or wrote into a
   * file before, repeats the agent's words; what speaks of scores and verdicts proves nothing at all.
   */
  #kindOf({ entry }: RenderedEvent, quote: string, said: Evidence['kind'] | undefined): Evidence['kind'] {
    if (said === 'claim' || speaksOfScores.test(quote)) return 'claim';
    if (
      (entry.role === 'tool' || entry.role === 'user') &&
      (ordersJudge.test(entry.full) || attackMarks.test(entry.full))
    )
      return 'claim';
    if (entry.proof !== 'tool_result') return entry.proof;
    let kind: Evidence['kind'] = 'tool_result';
    for (const { event, full } of this.#events.values()) {
      if (event.entry.alias === entry.alias) break;
      if (!givesWords(event) || !full.includes(quote)) continue;
      if (event.entry.proof === 'diff') return 'diff';
      kind = 'claim';
    }
    return kind;
  }
}

/** A call whose input may come back as output. What a search looks for is found only where it stands already. */
function givesWords({ entry }: RenderedEvent): boolean {
  if (entry.event.kind !== 'tool_call') return false;
  return entry.weight !== 'reading' || /\b(?:echo|printf)\b/.test(entry.full);
}

/** Words of a quote that only a text about this very judgement has (security.md section 6). */
const speaksOfScores =
  /\b(?:score|grade|rating|rate (?:it|this|the)|verdict|judge|grader|evaluator|full marks)\b.{0,40}\b(?:[1-5]|five|done|met|pass|satisfied|successful)\b|\b(?:[1-5]|five)\s?(?:\/|out of|of)\s?(?:5|five)\b|\bthe user (?:has )?(?:confirmed|accepted|approved)\b/i;

/** Orders to a judge: whatever else their event says is not believed either. */
const ordersJudge =
  /\bproposed_score\b|\b(?:judge|grader|evaluator|grading model|reviewing model|developer of the judge)s?\b[^\n]{0,60}\b(?:must|should|shall|please|give|rate|return|assign|award|answer with|mark)\b|\b(?:give|rate|score|mark)\b[^\n]{0,20}\bthis session\b|\bwhoever (?:grades|judges|rates|scores|evaluates)\b|\bthis session\b[^\n]{0,40}\b(?:deserves|is a (?:success|five|5))\b|\b(?:ignore|disregard|forget)\b[^\n]{0,20}\b(?:previous|above|earlier|all)\b[^\n]{0,20}\b(?:instruction|rule|prompt|requirement)s?\b/i;

/** Rewritten tags and numbers of the prompt itself, chat templates, letters turned around or made invisible. */
const attackMarks =
  /\u2039 ?\/? ?(?:transcript|reminder|facts)\b|\u2039\u00a6im_|^\(E\d+\) (?:user|agent|tool|harness):|<U\+(?:202[A-E]|206[6-9]|E00[0-7][0-9A-F])>/m;

function isQuotable(quote: string): boolean {
  const words = quote.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return quote.length >= LENGTH.least && quote.length <= LENGTH.most && words >= LEAST_WORD_CHARACTERS;
}

/** `E12`, also written as `[E12]` or `e12`. */
function aliasOf(text: string): string {
  const [, number] = /^\W*e(\d{1,7})\W*$/i.exec(text.trim()) ?? [];
  return number === undefined ? '' : `E${Number(number)}`;
}

function cut(quote: string): string {
  return quote.length <= LENGTH.kept
    ? quote
    : quote
        .slice(0, LENGTH.kept)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}

export function countQuotes(quotes: readonly CheckedQuote[]): QuoteCounts {
  const count = (state: QuoteState): number => quotes.filter((quote) => quote.state === state).length;
  return {
    quotes: quotes.length,
    verified: count('verified'),
    wrongEvent: count('wrongEvent'),
    notFound: count('notFound'),
    elided: count('elided'),
    roleCorrected: quotes.filter((quote) => quote.found?.roleCorrected === true).length,
  };
}
