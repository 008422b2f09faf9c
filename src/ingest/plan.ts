import { hintOf, type SourceForm, type SourceHint } from '../agents/agent.ts';
import type { Discovery, SourceFile } from '../discover/discover.ts';
import type { Micros } from '../core/event.ts';
import { agentId, sessionBucketHash, sessionId } from '../core/ids.ts';
import { asBoolean, asObject, asText, type Json } from '../core/json.ts';
import type { SourceState } from '../lake/sources.ts';
import type { SourceJob, TimeRange } from './job.ts';

/** A torn tail of a file that nobody touched for this long is read as it is. */
const FINISHED_AFTER_MICROS = 24 * 3600 * 1_000_000;

export interface Plan {
  /** New or changed on disk: to be read. */
  readonly read: readonly PlannedSource[];
  /** Known, derived by other code or settings: to be derived again. */
  readonly again: readonly SourceState[];
  readonly unchanged: readonly SourceState[];
  /** Kept out by an earlier window and not changed since; `read` holds those that may lie in this one. */
  readonly outside: readonly SourceState[];
  readonly gone: readonly SourceState[];
  readonly problems: readonly string[];
}

export interface PlannedSource {
  readonly file: SourceFile;
  readonly known: SourceState | null;
  /** Size, time and inode are as they were; read all the same because everything is to be derived again, or its bytes are others. */
  readonly looksUnchanged: boolean;
  /** What the archive holds of it has to be derived even when nothing new is found. */
  readonly rederive: boolean;
}

export interface PlanOptions {
  readonly derivation: string;
  readonly now: Micros;
  readonly full: boolean;
  /** Whether a file whose size and time did not change holds other bytes all the same. */
  readonly isAltered: (file: SourceFile, known: SourceState) => boolean;
  readonly range: TimeRange;
}

/** Compares what lies on disk with what the store knows; reads nothing but what `isAltered` does. */
export function planSources(found: Discovery, ledger: readonly SourceState[], options: PlanOptions): Plan {
  const current = new Map(ledger.filter(({ state }) => state !== 'replaced').map((source) => [source.path, source]));
  const read: PlannedSource[] = [];
  const unchanged: SourceState[] = [];
  const outside: SourceState[] = [];
  for (const file of found.sources) {
    const known = current.get(file.path) ?? null;
    // Bytes that an interrupted run archived, or that other code derived, have no events of this derivation yet, whatever the file is now.
    const rederive = known !== null && known.archivedBytes > 0 && isStale(known, options);
    if (known === null || mustRead(file, known, options)) read.push({ file, known, looksUnchanged: false, rederive });
    else if (known.archivedBytes > 0 && (options.full || options.isAltered(file, known)))
      read.push({ file, known, looksUnchanged: true, rederive });
    else if (known.state === 'seen') outside.push(known);
    else unchanged.push(known);
  }
  const reading = new Set(read.map(({ known }) => known?.sourceId));
  const again = ledger.filter(
    (source) => source.archivedBytes > 0 && isStale(source, options) && !reading.has(source.sourceId),
  );
  const met = found.sources.length - read.filter(({ known }) => known === null).length;
  const absent = met === current.size ? [] : absentFrom(found, current);
  return { read, again, unchanged, outside, ...missing(found, absent) };
}

function isStale(source: SourceState, options: PlanOptions): boolean {
  return options.full || source.derivation !== options.derivation;
}

function mustRead(file: SourceFile, known: SourceState, options: PlanOptions): boolean {
  const { mtimeNs, deviceInode } = file.identity;
  if (known.state === 'unreadable' || known.state === 'gone') return true;
  if (!isAsKnown(file, known) || deviceInode !== known.deviceInode) return true;
  if (known.state === 'seen') return mayLieIn(known, options.range);
  return known.pendingBytes > 0 && BigInt(options.now) - mtimeNs / 1000n > BigInt(FINISHED_AFTER_MICROS);
}

/** Whether a file is as it was when it was last read; the size of a collection's session is only known when it is exported. */
export function isAsKnown({ hint, identity }: SourceFile, known: SourceState): boolean {
  return identity.mtimeNs === known.mtimeNs && (hint.member !== null || identity.sizeBytes === known.sizeBytes);
}

/** Whether a source with these first and last event times can have an event in the range. */
function mayLieIn(source: SourceState, range: TimeRange): boolean {
  if (range.since === null && range.until === null) return true;
  if (source.firstTs === null || source.lastTs === null) return false;
  return (
    (range.since === null || source.lastTs >= range.since) && (range.until === null || source.firstTs < range.until)
  );
}

function absentFrom(found: Discovery, current: ReadonlyMap<string, SourceState>): readonly SourceState[] {
  const present = new Set(found.sources.map(({ path }) => path));
  const listed = new Set(found.sameFile.map(({ path }) => path));
  return [...current.values()].filter(
    ({ path, state }) => (state === 'live' || state === 'seen') && !present.has(path) && !listed.has(path),
  );
}

/** Sources that were there and are not: gone when their root still stands, a problem when the whole root is missing. */
function missing(found: Discovery, absent: readonly SourceState[]): Pick<Plan, 'gone' | 'problems'> {
  const standing = new Set(found.roots.filter(({ exists }) => exists).map(({ realPath }) => realPath));
  const unlisted = found.problems.map(({ path }) => path);
  const gone = absent.filter(
    ({ root, path }) =>
      standing.has(root) &&
      !unlisted.some((place) => path === place || path.startsWith(`${place}/`) || path.startsWith(`${place}#`)),
  );
  const problems = found.roots
    .filter(({ exists, path }) => !exists && absent.some(({ root }) => root === path))
    .map(
      ({ path }) =>
        `${path} is not there any more, but the store has transcripts from it: nothing of them was changed.`,
    );
  return { gone, problems };
}

export function jobOf({ file, known, rederive }: PlannedSource): SourceJob {
  return {
    path: file.path,
    agent: file.agent,
    hint: pinned(file.hint, known),
    user: file.user,
    generation: known?.generation ?? 0,
    cluster: known?.cluster ?? sessionBucketHash(file.agent, sessionId(file.hint.sessionId ?? file.path)),
    archivedBytes: known?.archivedBytes ?? 0,
    contentSha256: known?.contentSha256 ?? null,
    expectedBytes: file.identity.sizeBytes,
    mode: 'read',
    rederive,
  };
}

/** Times without an offset keep the zone in which they were first read: the machine may travel. */
function pinned(hint: SourceHint, known: SourceState | null): SourceHint {
  return known === null || hint.zone === null ? hint : { ...hint, zone: parseHint(known.hint).zone ?? hint.zone };
}

export function jobAgain(source: SourceState): SourceJob {
  return {
    path: source.path,
    agent: agentId(source.agent),
    hint: parseHint(source.hint),
    user: source.user,
    generation: source.generation,
    cluster: source.cluster,
    archivedBytes: source.archivedBytes,
    contentSha256: source.contentSha256,
    expectedBytes: source.archivedBytes,
    mode: 'again',
    rederive: true,
  };
}

function formOf(value: Json | undefined): SourceForm {
  return value === 'document' || value === 'text' ? value : 'lines';
}

function parseHint(text: string): SourceHint {
  const parsed: Json = JSON.parse(text);
  const hint = asObject(parsed);
  return hintOf({
    sessionId: asText(hint?.['sessionId']),
    threadId: asText(hint?.['threadId']),
    replay: asBoolean(hint?.['replay']) ?? false,
    user: asText(hint?.['user']),
    form: formOf(hint?.['form']),
    member: asText(hint?.['member']),
    zone: asText(hint?.['zone']),
  });
}
