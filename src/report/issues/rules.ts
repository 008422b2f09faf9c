import type { Candidate } from './candidate.ts';

/** How much a kind of friction weighs. */
export type Impact = 'High' | 'Medium' | 'Low';

/**
 * High: half an hour lost, or five sessions touched, or it came back after its fix. Medium: ten minutes, or two sessions.
 * Low: the rest. The first that fits counts.
 */
export function impactOf({ lostS, sessions, status }: Candidate): Impact {
  const lost = lostS ?? 0;
  if (lost >= 1800 || sessions >= 5 || status === 'reopened') return 'High';
  return lost >= 600 || sessions >= 2 ? 'Medium' : 'Low';
}

type Label = 'user-feedback' | 'claude-learnings' | 'bug' | 'documentation' | 'enhancement' | 'security' | 'pipeline';

/** What a category calls for; `user-feedback` comes to all of them. */
const byCategory: Readonly<Record<string, readonly Label[]>> = {
  permission: ['security', 'claude-learnings'],
  authentication: ['security'],
  command_not_found: ['claude-learnings', 'documentation'],
  environment: ['claude-learnings', 'documentation'],
  edit_conflict: ['claude-learnings'],
  retry_loop: ['claude-learnings'],
  user_confusion: ['documentation'],
  context_overflow: ['claude-learnings'],
  slow_command: ['enhancement'],
  timeout: ['enhancement'],
  data_sync: ['pipeline'],
  network: ['pipeline'],
  api_error: ['pipeline'],
  test_failure: ['bug'],
  tool_failure: ['bug'],
};

/** The labels of an issue; one that came back after its fix is a bug, whatever its category. */
export function labelsOf({ category, status }: Candidate): readonly Label[] {
  const own = byCategory[category] ?? ['bug'];
  return [...new Set<Label>(['user-feedback', ...own, ...(status === 'reopened' ? (['bug'] as const) : [])])];
}
