import type { Discovery } from '../discover/discover.ts';
import type { Imported } from './import.ts';
import type { Derived, ReadOutcome } from './job.ts';
import type { Plan } from './plan.ts';
import type { Selection } from './select.ts';
import type { Misunderstood, SetAside, SyncOptions, SyncSummary, UnknownRecords } from './summary.ts';

/** Spans that a summary names; a store of old damage would fill the screen. */
const MOST_SET_ASIDE = 20;
/** Above this share of unknown events an agent's format has changed (reliability.md 3.7). */
const MOST_UNKNOWN = 0.05;

export interface TallyInput {
  readonly found: Discovery;
  readonly plan: Plan;
  readonly selection: Selection;
  /** Null when nothing was imported: no work, or a dry run. */
  readonly imported: Imported | null;
  readonly options: SyncOptions;
  readonly store: string;
  readonly warnings: readonly string[];
  readonly tookS: number;
}

/** The figures of a run, and the sums that must hold between them. */
export function summarise(input: TallyInput): SyncSummary {
  const { plan, found, selection, imported } = input;
  const outcomes = imported?.outcomes ?? [];
  const read = outcomes.flatMap((outcome) => (outcome.status === 'read' ? [outcome] : []));
  const fromDisk = read.filter(({ job }) => job.mode === 'read');
  const unreadable = outcomes.flatMap((outcome) => (outcome.status === 'unreadable' ? [outcome] : []));
  const derived = read.flatMap((outcome) => outcome.derived ?? []);
  const changed = (change: ReadOutcome['change']): number =>
    fromDisk.filter((outcome) => outcome.change === change).length;
  const total = (count: (source: Derived) => number): number => sum(derived.map(count));
  const wanted = input.options.dryRun ? selection.selected : [];
  const planned = wanted.filter(({ looksUnchanged }) => !looksUnchanged);
  const summary = {
    files: {
      seen: found.sources.length,
      new: changed('new') + planned.filter(({ known }) => known === null || known.archivedBytes === 0).length,
      grown: changed('grown') + planned.filter(({ known }) => known !== null && known.archivedBytes > 0).length,
      unchanged: plan.unchanged.length + changed('same') + wanted.length - planned.length,
      replaced: changed('replaced'),
      gone: plan.gone.length,
      unreadable: unreadable.length + found.problems.length,
      outside_window: plan.outside.length + selection.outside.length,
    },
    bytes: {
      read: sum(fromDisk.map(({ newBytes, pendingBytes }) => newBytes + pendingBytes)),
      archived: sum(fromDisk.map(({ newBytes }) => newBytes)),
      pending: sum(fromDisk.map(({ pendingBytes }) => pendingBytes)),
    },
    lines: {
      total: total(({ counts }) => counts.lines),
      records: total(({ counts }) => counts.records),
      salvaged: total(({ counts }) => counts.salvaged),
      quarantined: total(({ counts }) => counts.quarantined),
      blank: total(({ counts }) => counts.blank),
    },
    events: {
      derived: total(({ events }) => events),
      kept: imported?.merge.kept ?? 0,
      duplicates: imported?.merge.duplicates ?? 0,
    },
    unknown: unknownRecords(read),
    misunderstood: misunderstoodAgents(read),
    set_aside: setAside(read),
    sessions: imported?.merge.sessions ?? 0,
    warnings: input.warnings,
    skipped: [
      ...found.problems,
      ...found.sameFile,
      ...unreadable.map(({ job, reason }) => ({ path: job.path, reason })),
    ],
    took_s: Math.round(input.tookS * 1000) / 1000,
    dry_run: input.options.dryRun,
    store: input.store,
  };
  return { ...summary, problems: [...plan.problems, ...brokenSums(summary, read)] };
}

/** Conservation: what came in is what is there (design.md, law 2). Each broken sum is a sentence. */
function brokenSums(summary: Omit<SyncSummary, 'problems'>, read: readonly ReadOutcome[]): readonly string[] {
  const { lines, events } = summary;
  const problems: string[] = [];
  if (lines.total !== lines.records + lines.salvaged + lines.quarantined + lines.blank) {
    problems.push(`Lines do not add up: ${lines.total} were read, ${JSON.stringify(lines)} were accounted for.`);
  }
  if (events.derived !== events.kept + events.duplicates) {
    problems.push(
      `Events do not add up: ${events.derived} were derived, ${events.kept} kept and ${events.duplicates} were duplicates.`,
    );
  }
  for (const { job, sizeBytes, archivedBytes, pendingBytes, change } of read) {
    if (change === 'again' || sizeBytes === archivedBytes + pendingBytes) continue;
    problems.push(
      `Bytes do not add up in ${job.path}: ${sizeBytes} read, ${archivedBytes} archived, ${pendingBytes} pending.`,
    );
  }
  return problems;
}

function unknownRecords(read: readonly ReadOutcome[]): readonly UnknownRecords[] {
  const counts = new Map<string, UnknownRecords>();
  for (const { job, derived } of read) {
    for (const [type, events] of derived?.unknown ?? []) {
      const key = `${job.agent}\n${type}`;
      counts.set(key, { agent: job.agent, record_type: type, events: events + (counts.get(key)?.events ?? 0) });
    }
  }
  return [...counts.values()].sort((a, b) => b.events - a.events || (a.record_type < b.record_type ? -1 : 1));
}

function misunderstoodAgents(read: readonly ReadOutcome[]): readonly Misunderstood[] {
  const agents = new Map<string, Misunderstood>();
  for (const { job, derived } of read) {
    if (derived === null) continue;
    const { events, unknown } = agents.get(job.agent) ?? { events: 0, unknown: 0 };
    const unknownHere = sum([...derived.unknown.values()]);
    agents.set(job.agent, { agent: job.agent, events: events + derived.events, unknown: unknown + unknownHere });
  }
  return [...agents.values()]
    .filter(({ events, unknown }) => unknown > events * MOST_UNKNOWN)
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
}

function setAside(read: readonly ReadOutcome[]): readonly SetAside[] {
  const spans = read.flatMap(({ job, derived }) =>
    (derived?.quarantine ?? []).map(({ line, offset, lengthBytes, reason }) => ({
      path: job.path,
      line,
      byte: offset,
      length_bytes: lengthBytes,
      reason,
    })),
  );
  return spans.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.byte - b.byte)).slice(0, MOST_SET_ASIDE);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
