import type { Requirement, Score } from '../contract.ts';
import type { Facts } from '../facts.ts';

/** What the code knows when it computes a score: after quotes were checked. */
export interface Proven {
  readonly requirements: readonly Pick<Requirement, 'status'>[];
  /** Something beyond the agent's own word supports what is called met, partly met or checked. */
  readonly hasProof: boolean;
  /** A passing check, or the user's acceptance, that came after the last change. */
  readonly checkedAfterLastChange: boolean;
  readonly harmfulSideEffect: boolean;
}

interface Cap {
  readonly name: string;
  readonly most: Score;
  readonly applies: (proven: Proven, facts: Facts) => boolean;
}

const standing = ({ requirements }: Proven): readonly Pick<Requirement, 'status'>[] =>
  requirements.filter(({ status }) => status !== 'withdrawn');
const any =
  (status: Requirement['status']) =>
  (proven: Proven): boolean =>
    standing(proven).some((requirement) => requirement.status === status);

/** The most that a session may score (judge.md 3.2 and 3.4). */
const caps: readonly Cap[] = [
  {
    name: 'all_requirements_unmet',
    most: 1,
    applies: (proven) => standing(proven).length > 0 && standing(proven).every(({ status }) => status === 'unmet'),
  },
  { name: 'harmful_side_effect', most: 2, applies: ({ harmfulSideEffect }) => harmfulSideEffect },
  {
    // Where the facts speak against it, words alone are not even worth what words are.
    name: 'ended_badly_and_unproven',
    most: 2,
    applies: ({ hasProof }, facts) =>
      !hasProof && (facts.lastCheckFailed || facts.lastMessageRejects || facts.interruptedAtEnd),
  },
  { name: 'requirement_unmet', most: 3, applies: any('unmet') },
  { name: 'requirement_unproven', most: 3, applies: any('unclear') },
  { name: 'last_check_failed', most: 3, applies: (_proven, facts) => facts.lastCheckFailed },
  { name: 'user_rejected', most: 3, applies: (_proven, facts) => facts.lastMessageRejects },
  { name: 'nothing_checked', most: 3, applies: ({ hasProof }) => !hasProof },
  { name: 'requirement_partial', most: 4, applies: any('partial') },
  { name: 'interrupted_at_end', most: 4, applies: (_proven, facts) => facts.interruptedAtEnd },
  {
    name: 'not_checked_after_last_change',
    most: 4,
    applies: ({ checkedAfterLastChange }) => !checkedAfterLastChange,
  },
];

/** The proposed score or the lowest cap, and the names of the caps that are lower than the proposal. A cap never raises. */
export function capped(
  proposed: Score,
  proven: Proven,
  facts: Facts,
): { readonly score: Score; readonly caps: readonly string[] } {
  const fired = caps.filter((cap) => cap.most < proposed && cap.applies(proven, facts));
  return {
    score: fired.reduce<Score>((least, { most }) => (most < least ? most : least), proposed),
    caps: fired.map(({ name }) => name),
  };
}
