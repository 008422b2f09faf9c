import type { Candidate } from '../../../src/report/issues/candidate.ts';

/** A kind of friction with something in every place, and `text` in every place that holds text. */
export function sampleCandidate(text: (place: string) => string, changed: Partial<Candidate> = {}): Candidate {
  return {
    name: 'permission-0a1b2c3d',
    category: text('category'),
    subtype: text('subtype'),
    signature: text('signature'),
    status: 'open',
    fixId: null,
    incidents: 12,
    incidentsBefore: 3,
    sessions: 4,
    lostS: 840,
    lostIncidents: 10,
    resolved: 3,
    unresolved: 9,
    firstAt: '2026-02-10T17:05:00.000Z',
    lastAt: '2026-02-11T09:00:00.000Z',
    projects: 2,
    agents: [text('agent')],
    tools: [text('tool')],
    exitCodes: [126],
    commands: [text('command')],
    evidence: [text('evidence'), text('evidence2')],
    places: [
      { sessionId: text('session_id'), sourceLine: 120 },
      { sessionId: text('session_id2'), sourceLine: null },
    ],
    ruleId: text('rule_id'),
    remedy: text('remedy'),
    ...changed,
  };
}
