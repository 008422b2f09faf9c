import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hintOf, type Agent, type SourceHint } from '../agents/agent.ts';
import type { DatabaseCollection, FolderCollection } from '../agents/collection.ts';
import { databaseMembers, folderMember, type Member } from '../read/members.ts';
import { memberPath } from '../read/open.ts';
import { UnreadableSource, type FileIdentity } from '../read/source-file.ts';
import type { MemberMemory } from './memory.ts';
import type { WalkedFile, WalkProblem } from './walk.ts';

interface FoundMember {
  readonly path: string;
  readonly agent: Agent;
  readonly hint: SourceHint;
  readonly identity: FileIdentity;
}

interface Database {
  readonly file: WalkedFile;
  /** Agents that may own it, in order; its tables decide. */
  readonly owners: readonly { readonly agent: Agent; readonly collection: DatabaseCollection }[];
}

interface FolderOwner {
  readonly agent: Agent;
  readonly collection: FolderCollection;
}

interface FolderSession extends FolderOwner {
  readonly folder: string;
  readonly member: string;
}

/** Databases and folders of sessions that are met on a walk. */
export class CollectionFinder {
  readonly #root: string;
  readonly #databaseOwners: Database['owners'];
  readonly #folderOwners: readonly FolderOwner[];
  readonly #memory: MemberMemory | null;
  readonly #problems: WalkProblem[];
  readonly #databases: Database[] = [];
  readonly #sessions = new Map<string, FolderSession>();

  constructor(root: string, agents: readonly Agent[], memory: MemberMemory | null, problems: WalkProblem[]) {
    this.#root = root;
    this.#databaseOwners = agents.flatMap((agent) =>
      agent.collections.flatMap((collection) => (collection.kind === 'database' ? [{ agent, collection }] : [])),
    );
    this.#folderOwners = agents.flatMap((agent) =>
      agent.collections.flatMap((collection) => (collection.kind === 'folder' ? [{ agent, collection }] : [])),
    );
    this.#memory = memory;
    this.#problems = problems;
  }

  /** Whether the file is a database, or stands for a session of a folder. */
  take(file: WalkedFile): boolean {
    const owners = this.#databaseOwners.filter(({ collection }) => collection.recognise(file.relative));
    if (owners.length > 0) this.#databases.push({ file, owners });
    return owners.length > 0 || this.#takeFolderFile(file);
  }

  /** A file that somebody named as a database, whatever it is called. */
  takeDatabase(file: WalkedFile): void {
    this.#databases.push({ file, owners: this.#databaseOwners });
  }

  #takeFolderFile(file: WalkedFile): boolean {
    for (const { agent, collection } of this.#folderOwners) {
      const found = collection.recognise(file.relative);
      if (found === null) continue;
      this.#sessions.set(`${agent.id}\n${found.folder}\n${found.member}`, { agent, collection, ...found });
      return true;
    }
    return false;
  }

  *members(): Generator<FoundMember> {
    for (const database of this.#databases) yield* this.#inDatabase(database);
    for (const { agent, collection, folder, member } of this.#sessions.values()) {
      const place = path.join(this.#root, folder);
      const found = this.#try(place, () => folderMember(place, member, collection));
      if (found !== null) yield memberOf(agent, place, folder, found);
    }
  }

  *#inDatabase({ file, owners }: Database): Generator<FoundMember> {
    for (const { agent, collection } of owners) {
      const members = this.#try(file.path, () => this.#listed(file.path, agent, collection));
      if (members === null || members.length === 0) continue;
      for (const member of members) yield memberOf(agent, file.path, file.relative, member);
      return;
    }
  }

  #listed(file: string, agent: Agent, collection: DatabaseCollection): readonly Member[] {
    const state = stateOf(file);
    const key = `${agent.id} ${file}`;
    const known = this.#memory?.recall(key, state);
    if (known !== null && known !== undefined) return known;
    const members = databaseMembers(file, collection, os.tmpdir());
    this.#memory?.keep(key, state, members);
    return members;
  }

  #try<T>(place: string, look: () => T): T | null {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof UnreadableSource)) throw error;
      this.#problems.push({ path: place, reason: error.message });
      return null;
    }
  }
}

function memberOf(agent: Agent, place: string, relative: string, { member, identity }: Member): FoundMember {
  const hint = hintOf({ sessionId: member, member, user: personAbove(relative) });
  return { path: memberPath(place, member), agent, hint, identity };
}

function stateOf(file: string): string {
  return ['', '-wal']
    .map((part) => {
      const status = fs.lstatSync(`${file}${part}`, { bigint: true, throwIfNoEntry: false });
      return status === undefined ? '-' : `${status.ino}:${status.size}:${status.mtimeNs}`;
    })
    .join(' ');
}

/**
 * In a collected tree the person's directory is the one above the first that programs make in a home: a hidden one
 * (`ann/.local/share`), `ann/Library/Application Support`, `ann/AppData`.
 */
function personAbove(relative: string): string | null {
  const parts = relative.split('/');
  const made = parts.findIndex(
    (part, index) =>
      part.startsWith('.') || part === 'AppData' || (part === 'Library' && parts[index + 1] === 'Application Support'),
  );
  return made > 0 ? (parts[made - 1] ?? null) : null;
}
