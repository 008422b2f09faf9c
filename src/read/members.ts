import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Collection, DatabaseCollection, DatabasePlan, FolderCollection } from '../agents/collection.ts';
import { errnoOf, messageOf } from '../core/errors.ts';
import { asNumber, asText, type Json, type JsonObject } from '../core/json.ts';
import { step } from '../rehearsal/step.ts';
import { openDatabaseCopy, type DatabaseCopy } from './database.ts';
import { openSource, UnreadableSource, type FileIdentity, type OpenSource } from './source-file.ts';

const NS_PER_MS = 1_000_000n;

/** A session of a collection, before it is read. */
export interface Member {
  readonly member: string;
  /** Its size is an estimate: only the export has one. */
  readonly identity: FileIdentity;
}

/** Sessions of a database; none when it is another program's. Throws UnreadableSource. */
export function databaseMembers(file: string, reading: DatabaseCollection, scratch: string): readonly Member[] {
  const status = statusOf(file);
  const copy = openDatabaseCopy(file, scratch);
  try {
    const plan = reading.plan(copy.tables);
    if (plan === null) return [];
    return copy.rows(plan.members).flatMap((row) => {
      const member = memberOf(row);
      return member === null
        ? []
        : [{ member, identity: memberIdentity(status, member, row['changed_ms'], row['size']) }];
    });
  } finally {
    copy.close();
  }
}

/** One session of a folder; its stamp changes with the name, size or time of any of its files. */
export function folderMember(folder: string, member: string, reading: FolderCollection): Member {
  const status = statusOf(folder);
  const parts = filesOf(folder, member, reading).map((name) => {
    const { size, mtimeNs } = statusOf(path.join(folder, name));
    return { name, size, mtimeNs };
  });
  const stamp = stampOf(parts.map(({ name, size, mtimeNs }) => `${name}:${size}:${mtimeNs}`).join('\n'));
  const latest = parts.reduce((latest, { mtimeNs }) => (mtimeNs > latest ? mtimeNs : latest), 0n);
  const size = parts.reduce((total, part) => total + part.size, 0n);
  return { member, identity: identityOfMember(status, member, latest / NS_PER_MS, Number(size), stamp) };
}

/** The sessions of one collection while they are read: a database is copied once for all of them. */
export class OpenCollection {
  readonly #place: string;
  readonly #reading: Collection;
  readonly #status: fs.BigIntStats;
  readonly #copy: DatabaseCopy | null;
  readonly #plan: DatabasePlan | null;
  /** Of all sessions, found at once: the query looks at every row of the database. */
  readonly #stamps: ReadonlyMap<string, JsonObject>;

  /** Throws UnreadableSource, also when a database has tables that the agent does not know. */
  constructor(place: string, reading: Collection, scratch: string) {
    this.#place = place;
    this.#reading = reading;
    this.#status = statusOf(place);
    this.#copy = reading.kind === 'database' ? openDatabaseCopy(place, scratch) : null;
    this.#plan = reading.kind === 'database' && this.#copy !== null ? reading.plan(this.#copy.tables) : null;
    if (reading.kind === 'database' && this.#plan === null) {
      this.close();
      throw new UnreadableSource(`${place} has tables that are not known.`);
    }
    const stamps = this.#plan === null ? [] : (this.#copy?.rows(this.#plan.members) ?? []);
    this.#stamps = new Map(stamps.map((row) => [memberOf(row) ?? '', row]));
  }

  /** A session as JSON lines. */
  source(member: string): OpenSource {
    const { identity, lines } = this.#export(member);
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return {
      identity: { ...identity, sizeBytes: bytes.length },
      read: (from, to) => bytes.subarray(from, Math.min(to, bytes.length)),
      close: () => undefined,
    };
  }

  close(): void {
    this.#copy?.close();
  }

  #export(member: string): { readonly identity: FileIdentity; readonly lines: readonly Json[] } {
    if (this.#reading.kind === 'folder') {
      const { identity } = folderMember(this.#place, member, this.#reading);
      const names = filesOf(this.#place, member, this.#reading);
      return { identity, lines: names.map((name) => fileLine(this.#place, name)) };
    }
    const copy = this.#copy;
    const plan = this.#plan;
    if (copy === null || plan === null) throw new TypeError('Expected an open database');
    const row = this.#stamps.get(member);
    if (row === undefined) throw new UnreadableSource(`${this.#place} does not hold ${member} any more.`);
    const lines = plan.rows.flatMap(({ table, sql }) => copy.rows(sql, member).map((row): Json => ({ table, row })));
    return { identity: memberIdentity(this.#status, member, row['changed_ms'], row['size']), lines };
  }
}

/** Throws UnreadableSource. */
export function statusOf(place: string): fs.BigIntStats {
  try {
    step('look:before');
    return fs.lstatSync(place, { bigint: true });
  } catch (error) {
    throw new UnreadableSource(`${place} cannot be looked at (${errnoOf(error) ?? messageOf(error)}).`, {
      cause: error,
    });
  }
}

function filesOf(folder: string, member: string, reading: FolderCollection): readonly string[] {
  return reading.files(member, (directory) => namesIn(path.join(folder, directory)));
}

function namesIn(directory: string): readonly string[] {
  try {
    step('list:before');
    return fs.readdirSync(directory).sort();
  } catch (error) {
    const reason = errnoOf(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return [];
    throw new UnreadableSource(`${directory} cannot be listed (${reason ?? messageOf(error)}).`, { cause: error });
  }
}

function fileLine(folder: string, name: string): Json {
  const source = openSource(path.join(folder, name));
  try {
    const text = source.read(0, source.identity.sizeBytes).toString('utf8');
    const value = parsed(text);
    return value === undefined ? { file: name, text } : { file: name, value };
  } finally {
    source.close();
  }
}

function parsed(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function memberIdentity(
  status: fs.BigIntStats,
  member: string,
  changedMs: Json | undefined,
  size: Json | undefined,
): FileIdentity {
  const written = Math.trunc(asNumber(changedMs) ?? 0);
  const changed = Number.isSafeInteger(written) && written > 0 ? BigInt(written) : 0n;
  const weight = asNumber(size) ?? 0;
  return identityOfMember(status, member, changed, weight, stampOf(`${changed}:${weight}`));
}

/** The time has milliseconds at most, so its last six digits are free for a stamp of everything else that may change. */
function identityOfMember(
  status: fs.BigIntStats,
  member: string,
  changedMs: bigint,
  sizeBytes: number,
  stamp: bigint,
): FileIdentity {
  return {
    sizeBytes,
    mtimeNs: changedMs * NS_PER_MS + (stamp % NS_PER_MS),
    deviceInode: `${status.dev}:${status.ino}#${member}`,
    uid: Number(status.uid),
    links: 1,
  };
}

function stampOf(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE(0);
}

function memberOf({ member }: JsonObject): string | null {
  return typeof member === 'number' ? String(member) : asText(member);
}
