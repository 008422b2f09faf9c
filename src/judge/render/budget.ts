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
  for (const step of steps) {
    const blocks = blocksAt(entries, step.sizes);
    const dropped = toDrop(entries, blocks, step.droppable, budget);
    if (dropped !== null || step.flag === 'smallest') {
      const left = dropped ?? new Set(entries.filter((entry) => mayGo(entry, step.droppable)));
      return layOut(entries, blocks, left, [
        ...(step.flag === null ? [] : [step.flag]),
        ...(dropped === null ? ['over_budget'] : []),
      ]);
    }
  }
  throw new TypeError('Expected the smallest step to give a transcript');
}

interface Block {
  readonly shown: string;
  readonly text: string;
}

/** Blocks as they are sent with plenty of room: for plans that cut a transcript into parts. */
export function wholeBlocks(entries: readonly Numbered[]): readonly string[] {
  return blocksAt(entries, whole).map(({ text }) => text);
}

function blocksAt(entries: readonly Numbered[], sizes: Sizes): readonly Block[] {
  return entries.map((entry) => {
    const shown = shownText(entry, sizes);
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
): ReadonlySet<Numbered> | null {
  const bytes = blocks.map(({ text }) => Buffer.byteLength(text) + 1);
  let total = bytes.reduce((sum, size) => sum + size, 0);
  const gone = new Set<Numbered>();
  const fits = (): boolean => total <= budget * 4;
  for (const weight of droppable) {
    for (const [index, entry] of entries.entries()) {
      if (fits()) return gone;
      if (entry.weight !== weight || !mayGo(entry, droppable)) continue;
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

function layOut(
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
