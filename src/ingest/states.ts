import type { Micros } from '../core/event.ts';
import { sourceId, type SourceId } from '../core/ids.ts';
import type { SourceState } from '../lake/sources.ts';
import type { Derived, ReadOutcome, SourceJob, UnreadableOutcome } from './job.ts';

export interface StateContext {
  readonly known: SourceState | null;
  /** The root under which the file was found in this run. */
  readonly root: string;
  readonly derivation: string;
}

/** What the ledger says of a source after it was read: one row, two when the file was replaced. */
export function statesAfter(outcome: ReadOutcome, context: StateContext): readonly SourceState[] {
  const { known } = context;
  if (outcome.job.mode === 'again') return known === null ? [] : [{ ...known, ...derivedFields(outcome, context) }];
  const now: SourceState = {
    ...(known ?? emptyState(outcome.job, context.root)),
    sourceId: outcome.sourceId,
    generation: outcome.generation,
    root: context.root,
    user: outcome.job.user,
    hint: JSON.stringify(outcome.job.hint),
    sizeBytes: outcome.sizeBytes,
    mtimeNs: outcome.mtimeNs,
    deviceInode: outcome.deviceInode,
    contentSha256: outcome.contentSha256,
    archivedBytes: outcome.archivedBytes,
    pendingBytes: outcome.pendingBytes,
    state: 'live',
    goneSince: null,
    ...derivedFields(outcome, context),
  };
  const replaced = outcome.change === 'replaced' && known !== null;
  return replaced ? [{ ...known, state: 'replaced', pendingBytes: 0 }, now] : [now];
}

function derivedFields(outcome: ReadOutcome, context: StateContext): Partial<SourceState> {
  const { derived } = outcome;
  if (derived === null) return {};
  return {
    ...derived.counts,
    sessionId: derived.sessionId ?? outcome.job.hint.sessionId,
    events: derived.events,
    unknownEvents: [...derived.unknown.values()].reduce((total, count) => total + count, 0),
    firstTs: derived.firstTs,
    lastTs: derived.lastTs,
    derivation: context.derivation,
  };
}

/** A file that could not be opened: what is kept of it stays, and every run tries again. */
export function unreadableState(outcome: UnreadableOutcome, context: StateContext): SourceState {
  return { ...(context.known ?? emptyState(outcome.job, context.root)), state: 'unreadable' };
}

/** A file that a window kept out: only its times are remembered, so that it need not be read again for the same window. */
export function seenState(outcome: ReadOutcome, derived: Derived, root: string): SourceState {
  return {
    ...emptyState(outcome.job, root),
    sessionId: derived.sessionId,
    sizeBytes: outcome.sizeBytes,
    mtimeNs: outcome.mtimeNs,
    deviceInode: outcome.deviceInode,
    pendingBytes: 0,
    firstTs: derived.firstTs,
    lastTs: derived.lastTs,
    state: 'seen',
  };
}

export function goneState(source: SourceState, now: Micros): SourceState {
  return { ...source, state: 'gone', goneSince: now };
}

export function emptyState(job: SourceJob, root: string): SourceState {
  const id = sourceId(job.path, job.generation);
  return {
    sourceId: id,
    path: job.path,
    generation: job.generation,
    agent: job.agent,
    root,
    user: job.user,
    sessionId: job.hint.sessionId,
    cluster: job.cluster,
    hint: JSON.stringify(job.hint),
    sizeBytes: 0,
    mtimeNs: 0n,
    deviceInode: '',
    contentSha256: null,
    archivedBytes: 0,
    pendingBytes: 0,
    lines: 0,
    records: 0,
    salvaged: 0,
    quarantined: 0,
    blank: 0,
    salvagedRecords: 0,
    events: 0,
    unknownEvents: 0,
    firstTs: null,
    lastTs: null,
    family: id,
    derivation: null,
    state: 'live',
    goneSince: null,
  };
}

/** The smallest id of each group of sources that share events, directly or through others; a lonely source is its own family. */
export function familiesOf(
  sources: readonly SourceId[],
  sharing: readonly (readonly SourceId[])[],
): ReadonlyMap<SourceId, SourceId> {
  const parent = new Map<SourceId, SourceId>(sources.map((source) => [source, source]));
  const rootOf = (source: SourceId): SourceId => {
    let root = source;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    return root;
  };
  for (const group of sharing) {
    const roots = group.map(rootOf).sort();
    const [smallest] = roots;
    if (smallest === undefined) continue;
    for (const root of roots) parent.set(root, smallest);
  }
  return new Map(sources.map((source) => [source, rootOf(source)]));
}
