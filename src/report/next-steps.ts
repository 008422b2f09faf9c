import type { NextStep, Report } from './value.ts';

const MOST = 3;

/** What a team can do first: lines that were lost, then the remedies of what cost most, each advice once. */
export function nextSteps(report: Omit<Report, 'next_steps'>): readonly NextStep[] {
  const seen = new Set<string>();
  return [...readingTrouble(report), ...reopened(report), ...remedies(report), ...loops(report)]
    .filter(({ advice }) => !seen.has(advice) && seen.add(advice))
    .slice(0, MOST);
}

const noIncident = { category: null, signature: null, incidents: 0, lost_s: null };

function readingTrouble({ coverage }: Omit<Report, 'next_steps'>): readonly NextStep[] {
  if (coverage.unreadable_sources === 0) return [];
  return [{ kind: 'coverage', ...noIncident, advice: 'Run sesh doctor: some sources could not be read.' }];
}

function reopened({ reopened: kinds }: Omit<Report, 'next_steps'>): readonly NextStep[] {
  const advice = 'Open the issue again: trouble that was fixed came back.';
  return kinds.map(({ category, signature, incidents }) => ({
    kind: 'reopened',
    category,
    signature,
    incidents,
    lost_s: null,
    advice,
  }));
}

function remedies({ friction }: Omit<Report, 'next_steps'>): readonly NextStep[] {
  return friction.flatMap(({ category, signature, incidents, lost_s, remedy }) =>
    remedy === null || remedy === ''
      ? []
      : [{ kind: 'friction', category, signature, incidents, lost_s, advice: remedy }],
  );
}

function loops({ retry_loops }: Omit<Report, 'next_steps'>): readonly NextStep[] {
  const longest = retry_loops.find((loop) => !loop.ended_in_success);
  if (longest === undefined) return [];
  const advice = 'Look at the longest retry loop that never worked: what it needs belongs into the project notes.';
  const { what, failures, span_s } = longest;
  return [{ kind: 'retry_loop', category: 'retry_loop', signature: what, incidents: failures, lost_s: span_s, advice }];
}
