import { weights, type Weight } from './entry.ts';
import { block, GAP_LENGTH, gapLine, shownText, type Numbered, type Sizes } from './shown.ts';

/** Tokens of a text, estimated: a quarter of its bytes, which for English is a quarter of its characters. */
export function estimatedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

interface Step {
  /** Told with the result when the transcript had to be made smaller this far; null for as much as is ever shown. */
  readonly flag: string | null;
  readonly sizes: Sizes;
  /** What may be left out, the first weights first; `late` events and a person's words never are. */
  readonly droppable: readonly Weight[];
}

const whole: Sizes = {
  result: { head: 500, tail: 1500 },
  kept: { head: 500, tail: 1500 },
  input: { head: 450, tail: 150 },
  message: { head: 1000, tail: 500 },
};
const short: Sizes = { ...whole, result: { head: 150, tail: 450 } };
const shorter: Sizes = { ...whole, result: { head: 50, tail: 150 } };
const shortest: Sizes = {
  result: { head: 50, tail: 150 },
  kept: { head: 100, tail: 300 },
  input: { head: 150, tail: 50 },
  message: { head: 150, tail: 150 },
};

const steps: readonly Step[] = [
  { flag: null, sizes: whole, droppable: [] },
  { flag: 'results_600', sizes: short, droppable: [] },
  { flag: 'results_200', sizes: shorter, droppable: [] },
  { flag: 'reading_left_out', sizes: shorter, droppable: ['reading'] },
  { flag: 'events_left_out', sizes: shorter, droppable: weights.filter((weight) => weight !== 'check') },
  { flag: 'smallest', sizes: shortest, droppable: weights },
];

export interface Fitted {
  readonly text: string;
  /** Text of each alias that is sent; what is left out is missing. */
  readonly sent: ReadonlyMap<string, string>;
  readonly flags: readonly string[];
}

/**
 * The transcript in at most `budget` tokens, at the first step that fits. A person's words are never cut: where they alone are
 * more, the result is larger and flagged `over_budget`.
 */
export function fitted(entries: readonly Numbered[], budget: number): Fitted {
  const { blocks, gone, flags } = planned(entries, budget);
  return layOut(entries, blocks, gone, flags);
}

export function planned(entries: readonly Numbered[], budget: number): Plan {
  for (const step of steps) {
    const blocks = blocksAt(entries, step.sizes);
    const dropped = toDrop(entries, blocks, step.droppable, budget);
    if (dropped !== null || step.flag === 'smallest') {
      const gone = dropped ?? new Set(entries.filter((entry) => mayGo(entry, step.droppable)));
      const flags = [...(step.flag === null ? [] : [step.flag]), ...(dropped === null ? ['over_budget'] : [])];
      return { blocks, gone, flags };
    }
  }
  throw new TypeError('Expected the smallest step to give a transcript');
}

export interface Block {
  readonly shown: string;
  readonly text: string;
}

/** How the entries of a transcript are shown when it may be this long, before they are put together. */
export interface Plan {
  readonly blocks: readonly Block[];
  readonly gone: ReadonlySet<Numbered>;
  readonly flags: readonly string[];
}

/**
 * Only what was chosen of each entry, a person's words and the last events whole, and the calls that chosen results belong to; what does
 * not fit goes, lightest first.
 */
export function chosen(
  entries: readonly Numbered[],
  excerpts: ReadonlyMap<string, readonly string[]>,
  budget: number,
): Fitted {
  const calls = new Set(entries.flatMap((entry) => (excerpts.has(entry.alias) ? [entry.call] : [])));
  const isShown = (entry: Numbered, index: number): boolean =>
    entry.late || entry.weight === 'always' || excerpts.has(entry.alias) || calls.has(index);
  const blocks = blocksAt(entries, whole, (entry) => {
    const quotes = entry.late || entry.weight === 'always' ? undefined : excerpts.get(entry.alias);
    return quotes === undefined ? null : [...quotes, ''].join(`\n${LEFT_OUT}\n`).trimEnd();
  });
  const unchosen = new Set(entries.filter((entry, index) => !isShown(entry, index)));
  const gone = toDrop(entries, blocks, weights, budget, unchosen);
  const flags = ['in_parts', ...(gone === null ? ['over_budget'] : [])];
  return layOut(entries, blocks, gone ?? new Set(entries.filter((entry) => mayGo(entry, weights))), flags);
}

const LEFT_OUT = '[... the rest of this event was read before and left out ...]';

function blocksAt(
  entries: readonly Numbered[],
  sizes: Sizes,
  instead: (entry: Numbered) => string | null = () => null,
): readonly Block[] {
  return entries.map((entry) => {
    const shown = instead(entry) ?? shownText(entry, sizes);
    const call = entry.call === null ? null : (entries[entry.call]?.alias ?? null);
    return { shown, text: block(entry, shown, call) };
  });
}

function mayGo(entry: Numbered, droppable: readonly Weight[]): boolean {
  return !entry.late && droppable.includes(entry.weight);
}

/** The entries to leave out, lightest and oldest first, until the rest fits; null when it never does. */
function toDrop(
  entries: readonly Numbered[],
  blocks: readonly Block[],
  droppable: readonly Weight[],
  budget: number,
  before: ReadonlySet<Numbered> = new Set(),
): ReadonlySet<Numbered> | null {
  const bytes = blocks.map(({ text }) => Buffer.byteLength(text) + 1);
  const gone = new Set(before);
  let total = entries.reduce((sum, entry, index) => sum + (gone.has(entry) ? 0 : (bytes[index] ?? 0)), 0);
  total += gapsIn(entries, gone) * GAP_LENGTH;
  const fits = (): boolean => total <= budget * 4;
  for (const weight of droppable) {
    for (const [index, entry] of entries.entries()) {
      if (fits()) return gone;
      if (entry.weight !== weight || gone.has(entry) || !mayGo(entry, droppable)) continue;
      const neighbours = [entries[index - 1], entries[index + 1]].filter(
        (next) => next !== undefined && gone.has(next),
      );
      gone.add(entry);
      // A new gap costs a line, two gaps that become one save it.
      total += (1 - neighbours.length) * GAP_LENGTH - (bytes[index] ?? 0);
    }
  }
  return fits() ? gone : null;
}

function gapsIn(entries: readonly Numbered[], gone: ReadonlySet<Numbered>): number {
  return entries.filter((entry, index) => {
    const next = entries[index + 1];
    return gone.has(entry) && (next === undefined || !gone.has(next));
  }).length;
}

/** Puts blocks together, one line for each run of events that are left out. */
export function layOut(
  entries: readonly Numbered[],
  blocks: readonly Block[],
  gone: ReadonlySet<Numbered>,
  flags: readonly string[],
): Fitted {
  const parts: string[] = [];
  const sent = new Map<string, string>();
  let run: Numbered[] = [];
  const closeRun = (): void => {
    if (run.length > 0) parts.push(gapLine(run));
    run = [];
  };
  for (const [index, entry] of entries.entries()) {
    const { shown, text } = blocks[index] ?? { shown: '', text: '' };
    if (gone.has(entry)) {
      run.push(entry);
    } else {
      closeRun();
      parts.push(text);
      sent.set(entry.alias, shown);
    }
  }
  closeRun();
  return { text: parts.join('\n'), sent, flags };
}
