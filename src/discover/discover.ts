import fs from 'node:fs';
import path from 'node:path';
import type { Agent, AgentRoot, SourceHint, Surroundings } from '../agents/agent.ts';
import { configuredZone } from '../core/configuration.ts';
import { errnoOf, UsageError } from '../core/errors.ts';
import type { AgentId } from '../core/ids.ts';
import { isLinkedByAnother, LINKED_BY_ANOTHER } from '../read/place.ts';
import { identityOf, UnreadableSource, type FileIdentity } from '../read/source-file.ts';
import { step } from '../rehearsal/step.ts';
import type { MemberMemory } from './memory.ts';
import { personOf } from './owner.ts';
import { clashesOf } from './clash.ts';
import { CollectionFinder } from './collections.ts';
import { lookInto, type Head } from './sniff.ts';
import { walk, type WalkedFile, type WalkProblem } from './walk.ts';

/** A transcript file that was found, before anything is read of it. */
export interface SourceFile {
  readonly path: string;
  readonly agent: AgentId;
  readonly root: string;
  readonly hint: SourceHint;
  readonly user: string;
  readonly identity: FileIdentity;
}

/** A place that was looked at, for `sesh doctor`. */
interface ProbedRoot {
  readonly agent: AgentId | null;
  readonly path: string;
  readonly origin: string;
  readonly exists: boolean;
  /** Without links; the path itself when nothing is there. */
  readonly realPath: string;
  readonly sources: number;
}

export interface Discovery {
  readonly sources: readonly SourceFile[];
  readonly roots: readonly ProbedRoot[];
  /** What could not be listed, and files that are the same file under another name. */
  readonly problems: readonly WalkProblem[];
  readonly sameFile: readonly WalkProblem[];
  /** Folders that name another person than the owner of the files in them, names that are one on other disks: each a sentence. */
  readonly conflicts: readonly string[];
}

export interface DiscoverOptions {
  /** Trees to look through instead of the agents' own places. */
  readonly roots: readonly string[];
  readonly agents: readonly Agent[];
  /** What earlier runs found in databases; none for a run that keeps nothing. */
  readonly memory?: MemberMemory;
}

/** Finds the transcripts of all agents, sorted by path; reads at most the first lines of files whose names say nothing. */
export function discoverSources(options: DiscoverOptions, surroundings: Surroundings): Discovery {
  // Transcripts that write times without an offset are read in this zone.
  let known: string | null = null;
  const zone = (): string => (known ??= configuredZone(undefined, surroundings.env));
  const memory = options.memory ?? null;
  const problems: WalkProblem[] = [];
  const found: SourceFile[] = [];
  const roots: ProbedRoot[] = [];
  const conflicts = new Map<string, number>();
  const search = (root: AgentRoot, agents: readonly Agent[], agent: AgentId | null, sniff: boolean): void => {
    const real = realPlace(root.path, problems);
    const sources = real === null ? [] : sourcesUnder(real, { agents, sniff, problems, conflicts, zone, memory });
    found.push(...sources);
    roots.push({
      agent,
      path: root.path,
      origin: root.origin,
      exists: real !== null,
      realPath: real ?? root.path,
      sources: sources.length,
    });
  };
  for (const root of options.roots) {
    const absolute = path.resolve(root);
    if (!fs.existsSync(absolute))
      throw new UsageError(`--root ${root} does not exist.`, 'Name a folder that holds transcripts.');
    search({ path: absolute, origin: '--root' }, options.agents, null, true);
  }
  if (options.roots.length === 0) {
    for (const agent of options.agents) {
      for (const root of agent.roots(surroundings)) search(root, [agent], agent.id, false);
    }
  }
  const once = onceEach(found);
  const clashes = clashesOf(once.sources.flatMap(({ path, hint }) => (hint.member === null ? [path] : [])));
  return { ...once, roots, problems, conflicts: [...[...conflicts].map(conflictText), ...clashes] };
}

function conflictText([conflict, files]: readonly [string, number]): string {
  return `${conflict} (${files} ${files === 1 ? 'file' : 'files'}).`;
}

/** A directory, or a database that a variable names; without links. */
function realPlace(root: string, problems: WalkProblem[]): string | null {
  try {
    const real = fs.realpathSync(root);
    const status = fs.statSync(real);
    const stranger = strangersLink(root, status.uid);
    if (stranger !== null) {
      problems.push({ path: root, reason: `${stranger} is a link that its owner made to another person's folder` });
      return null;
    }
    return status.isDirectory() || status.isFile() ? real : null;
  } catch (error) {
    const reason = errnoOf(error);
    if (reason !== 'ENOENT' && reason !== 'ENOTDIR') problems.push({ path: root, reason: reason ?? 'unreadable' });
    return null;
  }
}

/**
 * The first link on the way to a place that must not be followed: one made by somebody who is neither root, nor this account, nor
 * the owner of what it leads to.
 */
function strangersLink(place: string, targetUid: number): string | null {
  const me = process.geteuid?.();
  if (me === undefined) return null;
  const above = place.split(path.sep).map((_, index, parts) => parts.slice(0, index + 1).join(path.sep));
  return (
    above.find((part) => {
      const status = fs.lstatSync(part === '' ? path.sep : part, { throwIfNoEntry: false });
      return status?.isSymbolicLink() === true && ![0, me, targetUid].includes(status.uid);
    }) ?? null
  );
}

interface Search {
  readonly agents: readonly Agent[];
  readonly sniff: boolean;
  readonly problems: WalkProblem[];
  /** How many files each conflict is about. */
  readonly conflicts: Map<string, number>;
  readonly zone: () => string;
  readonly memory: MemberMemory | null;
}

function sourcesUnder(root: string, { agents, sniff, problems, conflicts, zone, memory }: Search): SourceFile[] {
  const { uid: rootUid } = fs.statSync(root);
  const place = { root, rootUid, zone, conflicts };
  const sources: SourceFile[] = [];
  const collections = new CollectionFinder(root, agents, memory, problems);
  const named = fs.statSync(root).isFile();
  if (named) collections.takeDatabase({ path: root, relative: path.basename(root) });
  for (const file of named ? [] : walk(root, problems)) {
    if (agents.some((agent) => agent.ignores?.(file.relative) === true) || collections.take(file)) continue;
    const owner = recognise(file, agents) ?? (sniff ? recogniseByRecords(file, agents, problems) : null);
    if (owner === null) continue;
    const identity = identify(file.path, problems);
    if (identity === null) continue;
    sources.push(sourceOf(file.path, place, owner, identity));
  }
  for (const { path, agent, hint, identity } of collections.members()) {
    sources.push(sourceOf(path, place, { agent, hint }, identity));
  }
  return sources;
}

interface Place {
  readonly root: string;
  readonly rootUid: number;
  readonly zone: () => string;
  readonly conflicts: Map<string, number>;
}

function sourceOf(
  path: string,
  { root, rootUid, zone, conflicts }: Place,
  { agent, hint }: Recognised,
  identity: FileIdentity,
): SourceFile {
  const { user, contradicted } = personOf({ file: path, uid: identity.uid, root, rootUid }, hint.user);
  if (contradicted !== null) {
    const conflict = `A folder in ${root} names ${contradicted}, but the files belong to ${user}: they count as ${user}'s`;
    conflicts.set(conflict, (conflicts.get(conflict) ?? 0) + 1);
  }
  return { path, agent: agent.id, root, hint: agent.localTimes ? { ...hint, zone: zone() } : hint, user, identity };
}

interface Recognised {
  readonly agent: Agent;
  readonly hint: SourceHint;
}

function recognise(file: WalkedFile, agents: readonly Agent[]): Recognised | null {
  for (const agent of agents) {
    const hint = agent.recognise(file.relative);
    if (hint !== null) return { agent, hint };
  }
  return null;
}

function recogniseByRecords(file: WalkedFile, agents: readonly Agent[], problems: WalkProblem[]): Recognised | null {
  const head = lookedInto(file, problems);
  if (head === null || head.records.length === 0) return null;
  const agent = agents.find((candidate) => candidate.recogniseRecords(head.records));
  return agent === undefined ? null : { agent, hint: { ...agent.hintFor(file.relative), form: head.form } };
}

/** What cannot be opened may be a transcript: it is told. */
function lookedInto({ path }: WalkedFile, problems: WalkProblem[]): Head | null {
  try {
    return lookInto(path);
  } catch (error) {
    if (!(error instanceof UnreadableSource)) throw error;
    problems.push({ path, reason: error.message });
    return null;
  }
}

function identify(file: string, problems: WalkProblem[]): FileIdentity | null {
  try {
    step('look:before');
    const status = fs.lstatSync(file, { bigint: true });
    if (!status.isFile()) return null;
    if (!isLinkedByAnother(file, status)) return identityOf(status);
    problems.push({ path: file, reason: LINKED_BY_ANOTHER });
    return null;
  } catch (error) {
    const reason = errnoOf(error);
    if (reason !== 'ENOENT') problems.push({ path: file, reason: reason ?? 'unreadable' });
    return null;
  }
}

/** Hard links, and roots that lie inside each other: the same file counts once, under its first path. */
function onceEach(found: readonly SourceFile[]): Pick<Discovery, 'sources' | 'sameFile'> {
  const byIdentity = new Map<string, SourceFile>();
  const sameFile: WalkProblem[] = [];
  const sorted = [...found].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const source of sorted) {
    const first = byIdentity.get(source.identity.deviceInode);
    if (first === undefined) byIdentity.set(source.identity.deviceInode, source);
    else if (first.path !== source.path) sameFile.push({ path: source.path, reason: `same file as ${first.path}` });
  }
  return { sources: [...byIdentity.values()], sameFile };
}
