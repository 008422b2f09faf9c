import { redactAll } from '../../core/redact/redact.ts';
import { fitted, type Fitted } from './budget.ts';
import { beforeRedaction, cleaned } from './clean.ts';
import { entriesOf, type Entry } from './entry.ts';
import { inOrder, type SessionEvent } from './event.ts';
import { inParts } from './parts.ts';
import type { Numbered } from './shown.ts';

/** Changes with every change of what is shown for the same events; part of a verdict's key. */
export const rendererVersion = 'render-2';

/** Of what the judge reads at once, the transcript takes at most this. */
export const TRANSCRIPT_TOKENS = 32_000;
/** The last events are never left out. */
const LATE_EVENTS = 15;
/** Shorter results are not worth a reference to another event. */
const REPEATED_LENGTH = 80;

export interface RenderOptions {
  readonly redactionKey: Uint8Array;
  /** Models of the session, to be masked by their exact names. */
  readonly ownModels: readonly string[];
  readonly budget?: number;
}

/** An event as it may be quoted. */
export interface RenderedEvent {
  readonly entry: Numbered;
  /** What was sent of it; null when it was left out. */
  readonly sent: string | null;
}

export interface Rendered {
  readonly text: string;
  /** All events by their numbers (E1, E2, ...), also those left out. */
  readonly events: ReadonlyMap<string, RenderedEvent>;
  /** How the transcript was made to fit; empty when it did at once. */
  readonly flags: readonly string[];
  /** How it is read in parts; null when all that matters is in `text`. */
  readonly parts: RenderedParts | null;
}

interface RenderedParts {
  readonly parts: readonly Rendered[];
  /** The whole as it is scored, once the readers of the parts have pointed at passages. */
  readonly selected: (excerpts: ReadonlyMap<string, readonly string[]>) => Rendered;
}

/**
 * The transcript of one session, as text for a judge: the same events and key give the same text, whatever their order, the
 * machine, zone or language. Waits only for redaction, which comes before every other step.
 */
export async function renderTranscript(events: readonly SessionEvent[], options: RenderOptions): Promise<Rendered> {
  const entries = entriesOf(inOrder(events));
  const redacted = await redactAll(entries.map(beforeRedaction), options.redactionKey);
  const numbered = numberedEntries(
    entries,
    entries.map((entry, index) => cleaned(redacted[index] ?? '', entry, options.ownModels)),
  );
  const budget = options.budget ?? TRANSCRIPT_TOKENS;
  const render = ({ text, sent, flags }: Fitted, parts: RenderedParts | null): Rendered => ({
    text,
    events: new Map(numbered.map((entry) => [entry.alias, { entry, sent: sent.get(entry.alias) ?? null }])),
    flags,
    parts,
  });
  const atOnce = fitted(numbered, budget);
  const isTooLong = atOnce.flags.some((flag) => flag === 'events_left_out' || flag === 'smallest');
  if (!isTooLong) return render(atOnce, null);
  const { parts, selected } = inParts(numbered, budget);
  return render(atOnce, {
    parts: parts.map((part) => render(part, null)),
    selected: (excerpts) => render(selected(excerpts), null),
  });
}

function numberedEntries(entries: readonly Entry[], texts: readonly string[]): readonly Numbered[] {
  const repeats = new Map<string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const text = texts[index] ?? '';
    if (entry.role === 'tool' && text.length >= REPEATED_LENGTH) {
      const same = repeats.get(text);
      if (same === undefined) repeats.set(text, [index]);
      else same.push(index);
    }
  }
  const alias = (index: number): string => `E${index + 1}`;
  return entries.map((entry, index) => {
    const full = texts[index] ?? '';
    const same = repeats.get(full) ?? [];
    const [first = index, last = index] = [same[0], same.at(-1)];
    const isMiddle = same.length > 2 && index !== first && index !== last;
    return {
      ...entry,
      alias: alias(index),
      full,
      late: index >= entries.length - LATE_EVENTS,
      sameAs: isMiddle ? alias(first) : null,
      times: same.length > 2 && index === last ? same.length : null,
    };
  });
}
