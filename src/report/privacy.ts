import { createHmac } from 'node:crypto';
import { UsageError } from '../core/errors.ts';

/**
 * What a report may show. `redacted`: short redacted quotes, pseudonyms, no prompts. `aggregate`: figures of groups only, no
 * quotes and no session ids. `full`: longer quotes, prompts and names of persons; secrets stay hidden at every level.
 */
export type Privacy = 'full' | 'redacted' | 'aggregate';

/** Figures of fewer persons than this say who they are about. */
export const SMALLEST_GROUP = 5;

export function parsePrivacy(text: string | undefined): Privacy {
  if (text === undefined) return 'redacted';
  if (text === 'full' || text === 'redacted' || text === 'aggregate') return text;
  throw new UsageError(`Expected --privacy to be full, redacted or aggregate, got "${text}".`);
}

/**
 * `person-3f9a` for each name: HMAC with the store's own key, so that without it no name can be tried out. Names whose four
 * digits are equal get eight.
 */
export function pseudonyms(names: readonly string[], key: Uint8Array): (name: string) => string {
  const marks = new Map(names.map((name) => [name, mark(name, key)]));
  const heads = [...marks.values()].map((hex) => hex.slice(0, 4));
  return (name) => {
    const hex = marks.get(name) ?? mark(name, key);
    const shared = heads.filter((head) => head === hex.slice(0, 4)).length > 1;
    return `person-${hex.slice(0, shared ? 8 : 4)}`;
  };
}

// The prefix keeps a name's mark apart from the mark of a secret that reads the same.
function mark(name: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`person\u0000${name}`).digest('hex');
}

/**
 * The groups that may be shown side by side: those of enough persons. Where what is left out could be found by subtraction
 * from the whole, the smallest shown group goes, too.
 */
export function largeGroups<Group extends { readonly people: number }>(groups: readonly Group[]): readonly Group[] {
  const shown = groups.filter(({ people }) => people >= SMALLEST_GROUP);
  const hidden = groups.filter(({ people }) => people < SMALLEST_GROUP);
  const rest = hidden.reduce((sum, { people }) => sum + people, 0);
  if (hidden.length === 0 || rest >= SMALLEST_GROUP) return shown;
  const smallest = shown.toSorted((a, b) => a.people - b.people)[0];
  return shown.filter((group) => group !== smallest);
}
