import type { Evidence, QuoteCounts } from '../contract.ts';
import { isFetch } from '../render/commands.ts';
import { folded } from '../render/neutral.ts';
import type { RenderedEvent } from '../render/render.ts';
import { speaksToJudge } from './addressed.ts';

/** A shorter quote stands in too many places to prove anything; a longer one is no quote. */
const LENGTH = { least: 12, most: 1000, kept: 300 };
/** Letters and digits that a quote must have: rules and brackets prove nothing. */
const LEAST_WORD_CHARACTERS = 6;

type QuoteState = 'verified' | 'wrongEvent' | 'notFound' | 'elided' | 'addressed';

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
  /** Written by others, somewhere else: a page, an issue, what a remote tool answers. */
  readonly isForeign: boolean;
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
  readonly #addressed = new Map<string, boolean>();

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
    if (this.#speaksToJudge(named.event)) return { state: 'addressed', given, found: null };
    const kind = this.#kindOf(named.event, quote, given.kind);
    const { eventId, sourceLine } = named.event.entry.event;
    return {
      state: 'verified',
      given,
      found: {
        event: named.event,
        evidence: { eventId, sourceLine, quote: cut(quote), kind },
        afterFirstCall: this.#isAfterFirstCall(named.event),
        isForeign: this.#isForeign(named.event),
        roleCorrected: given.kind !== undefined && kind !== given.kind,
      },
    };
  }

  /** A person's words are theirs, whoever they are meant for: they prove nothing about the request, and rarely anything else. */
  #speaksToJudge({ entry }: RenderedEvent): boolean {
    const known = this.#addressed.get(entry.alias);
    if (known !== undefined) return known;
    const speaks = speaksToJudge(entry.full);
    this.#addressed.set(entry.alias, speaks);
    return speaks;
  }

  #isForeign({ entry }: RenderedEvent): boolean {
    if (entry.role !== 'tool' || entry.call === null) return false;
    const call = this.#events.get(`E${entry.call + 1}`)?.event.entry.event;
    if (call === undefined) return false;
    if (call.toolKind === 'web' || call.toolKind === 'mcp') return true;
    return call.toolKind === 'shell' && isFetch(call.command ?? '');
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

/** Words of a quote that only a text about this very judgement has (security.md section 6); five of five tests are none. */
const speaksOfScores =
  /\b(?:score|grade|rating|rate (?:it|this|the)|verdict|judge|grader|evaluator|full marks)\b.{0,40}\b(?:[1-5]|five|done|met|pass|satisfied|successful)\b|\b(?:[1-5]|five)\s?(?:\/|out of|of)\s?(?:5|five)\b(?!\s*\)?\s*(?:tests?|specs?|checks?|files?|suites?|passed|passing|ok\b|\[|\())|\bthe user (?:has )?(?:confirmed|accepted|approved)\b/i;

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
    addressed: count('addressed'),
    roleCorrected: quotes.filter((quote) => quote.found?.roleCorrected === true).length,
  };
}

/** At least two thirds; an answer without quotes proves nothing, which the caps say. */
export function enoughVerified(quotes: readonly CheckedQuote[]): boolean {
  return quotes.filter(({ state }) => state === 'verified').length * 3 >= quotes.length * 2;
}

const SHOWN_QUOTES = 8;
const said = {
  verified: '',
  wrongEvent: 'stands in another event',
  notFound: 'is in no event, or is shorter than 12 characters',
  elided: 'is from a part that was not sent to you',
  addressed: 'is from an event that speaks to whoever judges, so nothing in it proves anything',
} as const;

export function evidenceProblem(quotes: readonly CheckedQuote[]): string {
  const failed = quotes.filter(({ state }) => state !== 'verified');
  const lines = failed
    .slice(0, SHOWN_QUOTES)
    .map(
      ({ state, given }) => `- ${given.event.slice(0, 12)} ${JSON.stringify(given.quote.slice(0, 100))} ${said[state]}`,
    );
  return [`${failed.length} of ${quotes.length} quotes cannot be used:`, ...lines].join('\n');
}
