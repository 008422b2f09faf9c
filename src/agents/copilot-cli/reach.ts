import { counterNames, sum, type Counters, type UsageBook } from './usage-book.ts';

/**
 * Which responses a run's total covers. Versions differ (formats.md 7.6): those of the run itself, those since the last total
 * (runs that crashed in between included), or all of the session.
 */
export type Reach = 'run' | 'since_total' | 'session';

interface Candidate {
  readonly reach: Reach;
  readonly outputTokens: number | null;
  readonly responses: number;
}

/** The nearest by output tokens, else by the number of responses, else by whether the counters only grew. */
export function reachOf(total: ReadonlyMap<string, Counters>, book: UsageBook): Reach {
  const candidates = candidatesOf(book);
  const models = [...total.values()];
  const outputTokens = models.reduce<number | null>((tokens, { output }) => sum(tokens, output), null);
  const responses = models.reduce<number | null>((count, counters) => sum(count, counters.responses), null);
  return (
    nearest(outputTokens, candidates, (candidate) => candidate.outputTokens) ??
    nearest(responses, candidates, (candidate) => candidate.responses) ??
    (book.told.size > 0 && onlyGrew(total, book.lastTotal) ? 'session' : 'since_total')
  );
}

/** Only what differs: without an earlier total all responses are since it; without a crash they are of this run. */
function candidatesOf(book: UsageBook): readonly Candidate[] {
  const open = [...book.open.values()];
  const own = open.filter(({ process }) => process === book.process);
  const candidates: Candidate[] = [{ reach: 'since_total', ...sumsOf(open) }];
  if (own.length < open.length) candidates.push({ reach: 'run', ...sumsOf(own) });
  if (book.told.size > 0) {
    candidates.push({ reach: 'session', outputTokens: book.outputTokens, responses: book.responses });
  }
  return candidates;
}

function sumsOf(
  open: readonly { readonly response: { readonly outputTokens: number | null } }[],
): Omit<Candidate, 'reach'> {
  const outputTokens = open.reduce<number | null>((tokens, { response }) => sum(tokens, response.outputTokens), null);
  return { outputTokens, responses: open.length };
}

/** Null when the figures do not decide: one is missing, or two candidates are equally near. */
function nearest(
  figure: number | null,
  candidates: readonly Candidate[],
  of: (candidate: Candidate) => number | null,
): Reach | null {
  if (figure === null) return null;
  const distances = candidates.map((candidate) => {
    const own = of(candidate);
    return { reach: candidate.reach, distance: own === null ? null : Math.abs(own - figure) };
  });
  if (distances.some(({ distance }) => distance === null)) return null;
  const sorted = distances.toSorted((a, b) => (a.distance ?? 0) - (b.distance ?? 0));
  const [first, second] = sorted;
  return first === undefined || first.distance === second?.distance ? null : first.reach;
}

function onlyGrew(total: ReadonlyMap<string, Counters>, before: ReadonlyMap<string, Counters>): boolean {
  return [...before].every(([model, earlier]) => {
    const now = total.get(model);
    return now !== undefined && counterNames.every((name) => (now[name] ?? 0) >= (earlier[name] ?? 0));
  });
}
