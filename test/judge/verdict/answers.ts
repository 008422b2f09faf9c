import type { Answer } from '../../../src/judge/verdict/answer.ts';

/** An answer that is fine by itself: one requirement, met, nothing quoted. */
export const plainAnswer: Answer = {
  requirements: [{ id: 'R1', text: 'Mend the crane', source_event: 'E1', status: 'met', evidence: [] }],
  checks_after_last_change: [],
  side_effects: [],
  divergence: 'on_track',
  blocker: 'none',
  user_satisfaction: 'silent',
  outcome: 'done',
  proposed_score: 5,
  null_reason: null,
  confidence: 'high',
  rationale: 'R1 is met.',
};

type Evidence = Answer['requirements'][number]['evidence'][number];

/** The plain answer with these quotes for its requirement. */
export function quoting(...evidence: readonly Evidence[]): Answer {
  const [requirement] = plainAnswer.requirements;
  return {
    ...plainAnswer,
    requirements: requirement === undefined ? [] : [{ ...requirement, evidence: [...evidence] }],
  };
}
