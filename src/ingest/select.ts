import type { Window } from '../core/window.ts';
import type { SourceState } from '../lake/sources.ts';
import type { Derived, ReadOutcome, SourceOutcome } from './job.ts';
import type { PlannedSource } from './plan.ts';

export interface Selection {
  readonly selected: readonly PlannedSource[];
  /** Looked at, and outside the window. */
  readonly outside: readonly { readonly outcome: ReadOutcome; readonly derived: Derived }[];
}

/**
 * Which of the scanned sources a window asks for. Sessions are taken whole: one file of a session that is active in the window
 * brings the session's other files along, so that no figure of a session is a part of it; so does a session that is in the store.
 */
export function selectSources(
  planned: readonly PlannedSource[],
  scanned: readonly SourceOutcome[],
  ledger: readonly SourceState[],
  window: Window,
): Selection {
  const sessions = new Map<string, Derived[]>();
  for (const outcome of scanned) {
    if (outcome.status !== 'read' || outcome.derived === null) continue;
    const key = sessionKey(outcome.job.agent, outcome.derived.sessionId, outcome.job.path);
    const before = sessions.get(key);
    if (before === undefined) sessions.set(key, [outcome.derived]);
    else before.push(outcome.derived);
  }
  const kept = new Set(
    ledger
      .filter(({ archivedBytes }) => archivedBytes > 0)
      .map(({ agent, sessionId, path }) => sessionKey(agent, sessionId, path)),
  );
  const isWanted = (outcome: ReadOutcome, derived: Derived): boolean => {
    const key = sessionKey(outcome.job.agent, derived.sessionId, outcome.job.path);
    return kept.has(key) || isInWindow(sessions.get(key) ?? [], window);
  };
  const outside = scanned.flatMap((outcome) =>
    outcome.status === 'read' && outcome.derived !== null && !isWanted(outcome, outcome.derived)
      ? [{ outcome, derived: outcome.derived }]
      : [],
  );
  const left = new Set(outside.map(({ outcome }) => outcome.job.path));
  return { selected: planned.filter(({ file }) => !left.has(file.path)), outside };
}

function isInWindow(parts: readonly Derived[], window: Window): boolean {
  if (window.anchor === 'activity') return parts.some(({ activeInRange }) => activeInRange);
  const starts = parts.flatMap(({ firstTs }) => firstTs ?? []);
  const start = Math.min(...starts);
  return (
    starts.length > 0 &&
    (window.since === null || start >= window.since) &&
    (window.until === null || start < window.until)
  );
}

/** A file whose session has no id stands for itself. */
function sessionKey(agent: string, session: string | null, path: string): string {
  return `${agent}\n${session ?? path}`;
}
