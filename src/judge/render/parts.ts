import { chosen, estimatedTokens, layOut, planned, type Fitted } from './budget.ts';
import { chunkPlan } from './chunks.ts';
import type { Numbered } from './shown.ts';

/** A session is read in about this many parts at most; of a longer one less is shown. */
const MOST_PARTS = 8;
/** A part takes this share of what is read at once: its reader writes a list of quotes, too. */
const PART_SHARE = 0.75;

/** A transcript that is too long to be read at once. */
export interface InParts {
  /** Neighbours share two events. */
  readonly parts: readonly Fitted[];
  /** What is left of the whole when only these passages count, by the number of their event. */
  readonly selected: (excerpts: ReadonlyMap<string, readonly string[]>) => Fitted;
}

/** Cuts at turns (judge.md 3.6): every part is read on its own, and what its reader points at is then read as one. */
export function inParts(entries: readonly Numbered[], budget: number): InParts {
  const partTokens = Math.floor(budget * PART_SHARE);
  const { blocks, gone, flags } = planned(entries, partTokens * MOST_PARTS);
  const plan = chunkPlan(
    entries.map((entry, index) => ({
      alias: entry.alias,
      isTurn: entry.role === 'user',
      tokens: gone.has(entry) ? 0 : estimatedTokens(`${blocks[index]?.text ?? ''}\n`),
    })),
    partTokens,
  );
  const places = new Map(entries.map(({ alias }, index) => [alias, index]));
  return {
    parts: plan.map(({ first, last }) => {
      const [from, to] = [places.get(first) ?? 0, (places.get(last) ?? 0) + 1];
      return layOut(entries.slice(from, to), blocks.slice(from, to), gone, flags);
    }),
    selected: (excerpts) => chosen(entries, excerpts, budget),
  };
}
