import { asObject } from '../../core/json.ts';
import { canonical, digest, Occurrences } from '../shared/keys.ts';
import { idOf, type Turn } from './turn.ts';

/** An answer of this length is not given twice in the same words. */
const UNMISTAKABLE_CHARACTERS = 200;
/** Ids of the large providers are longer; `call_0` of a local model is not. */
const UNMISTAKABLE_ID_CHARACTERS = 12;

/**
 * Keys of all turns of a session, the same wherever a handoff or a fork has copied a turn to. A turn with calls or results is known
 * by their ids. A plain one is known by its text and its partner's: a prompt's is the answer that follows, an answer's is what it
 * follows. Partners are always copied together, since a tail begins with a prompt and nothing is saved before its answer is there.
 * `scope` keeps equal short turns of unrelated sessions apart; it is left out where a turn cannot be mistaken for another.
 */
export function turnKeys(turns: readonly Turn[], scope: string): string[] {
  const occurrences = new Occurrences();
  return turns.map((turn, index) => {
    const partner = hasIds(turn) ? null : (turns[index + (turn.role === 'assistant' ? -1 : 1)] ?? null);
    const certain = isUnmistakable(turn) || (partner !== null && isUnmistakable(partner));
    const own = [certain ? '' : scope, contentOf(turn), partner === null ? '' : contentOf(partner)];
    return occurrences.next(`turn:${digest(own.join('\n'))}`);
  });
}

function hasIds({ calls, results }: Turn): boolean {
  return calls.length > 0 || results.length > 0;
}

function isUnmistakable(turn: Turn): boolean {
  if (hasIds(turn)) return hasUniqueIds(turn);
  return turn.role === 'assistant' && turn.text.length >= UNMISTAKABLE_CHARACTERS;
}

function hasUniqueIds({ calls, results }: Turn): boolean {
  return [...calls, ...results].every((entry) => (idOf(entry)?.length ?? 0) >= UNMISTAKABLE_ID_CHARACTERS);
}

/** Reasoning is left out: it is dropped when a session goes on with another provider. */
function contentOf(turn: Turn): string {
  const { value, role, text, calls, results } = turn;
  if (hasIds(turn)) {
    const told = hasUniqueIds(turn) ? [calls.map(idOf), results.map(idOf)] : [text, calls, results];
    return digest(canonical([role, ...told]));
  }
  const fields = asObject(value);
  return digest(fields === null ? canonical(value) : canonical([role, text, fields['images'] ?? null]));
}
