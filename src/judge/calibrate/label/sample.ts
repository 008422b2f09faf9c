import { createHash } from 'node:crypto';
import { lengthBand } from '../length.ts';

/** A session, without anything that could tell what a judge thinks of it. */
export interface SessionReference {
  readonly agent: string;
  readonly sessionId: string;
}

/** A session that may be labelled, with what the sample is spread over. */
export interface Candidate extends SessionReference {
  /** What the judge said: a score, `null`, or `unjudged`. */
  readonly verdict: string;
  readonly toolCalls: number | null;
}

/**
 * All candidates in the order in which they are to be labelled: one of each kind (verdict, length, agent) in turn, as long as there
 * are some. The order of a kind depends on the seed and the session alone, so that a second person is asked about the same sessions.
 */
export function stratified(candidates: readonly Candidate[], seed: number): readonly SessionReference[] {
  const ranked = candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate, seed) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  const taken = new Map<string, number>();
  const placed = ranked.map(({ candidate, rank }) => {
    const kind = JSON.stringify([candidate.verdict, lengthBand(candidate.toolCalls), candidate.agent]);
    const round = taken.get(kind) ?? 0;
    taken.set(kind, round + 1);
    return { candidate, rank, round };
  });
  return placed
    .toSorted((a, b) => a.round - b.round || (a.rank < b.rank ? -1 : 1))
    .map(({ candidate: { agent, sessionId } }) => ({ agent, sessionId }));
}

/** Half of the sessions are for work on the prompt, the other half only for the figure that counts; the same for every labeller. */
export function splitOf(session: SessionReference): 'dev' | 'test' {
  return digest('split', session).charCodeAt(0) % 2 === 0 ? 'dev' : 'test';
}

function rankOf(session: SessionReference, seed: number): string {
  return digest(String(seed), session);
}

function digest(purpose: string, { agent, sessionId }: SessionReference): string {
  return createHash('sha256')
    .update(JSON.stringify([purpose, agent, sessionId]))
    .digest('hex');
}
