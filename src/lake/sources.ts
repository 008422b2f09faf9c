import fs from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../core/errors.ts';
import { readSourceId, type SourceId } from '../core/ids.ts';
import { asArray, asObject, type Json } from '../core/json.ts';
import { writeCacheFile } from './files.ts';
import type { Snapshot } from './log.ts';
import type { Row } from './row.ts';
import { tables } from './schema.ts';
import { sealed, unsealed } from './sealed.ts';
import type { Store } from './store.ts';

/**
 * What the store knows of one generation of one source file.
 * `seen`: looked at for a window, nothing kept yet. `replaced`: the path holds other content now. `gone`: the file is not there any more.
 */
type SourceStatus = 'live' | 'seen' | 'gone' | 'replaced' | 'unreadable';

/** One row of the table `sources`: the columns of its schema, whose comments say what they hold. */
export interface SourceState {
  readonly sourceId: SourceId;
  readonly path: string;
  readonly generation: number;
  readonly agent: string;
  readonly root: string;
  readonly user: string;
  readonly sessionId: string | null;
  readonly cluster: number;
  readonly hint: string;
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly deviceInode: string;
  readonly contentSha256: string | null;
  readonly archivedBytes: number;
  readonly pendingBytes: number;
  readonly lines: number;
  readonly records: number;
  readonly salvaged: number;
  readonly quarantined: number;
  readonly blank: number;
  readonly salvagedRecords: number;
  readonly events: number;
  readonly unknownEvents: number;
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  readonly family: SourceId;
  readonly derivation: string | null;
  readonly state: SourceStatus;
  readonly goneSince: number | null;
}

export function toRow(source: SourceState): Row {
  return [
    source.sourceId,
    source.path,
    source.generation,
    source.agent,
    source.root,
    source.user,
    source.sessionId,
    source.cluster,
    source.hint,
    source.sizeBytes,
    source.mtimeNs,
    source.deviceInode,
    source.contentSha256,
    source.archivedBytes,
    source.pendingBytes,
    source.lines,
    source.records,
    source.salvaged,
    source.quarantined,
    source.blank,
    source.salvagedRecords,
    source.events,
    source.unknownEvents,
    source.firstTs,
    source.lastTs,
    source.family,
    source.derivation,
    source.state,
    source.goneSince,
  ];
}

const statuses: readonly SourceStatus[] = ['live', 'seen', 'gone', 'replaced', 'unreadable'];

/** A row as `toRow` made it, or as JSON gave it back. Positions and not names: with nothing new this is half of what a sync does. */
export function fromRow(row: readonly (Json | Row[number])[]): SourceState {
  const [
    sourceId,
    path,
    generation,
    agent,
    root,
    user,
    sessionId,
    cluster,
    hint,
    sizeBytes,
    mtimeNs,
    deviceInode,
    contentSha256,
    archivedBytes,
    pendingBytes,
    lines,
    records,
    salvaged,
    quarantined,
    blank,
    salvagedRecords,
    events,
    unknownEvents,
    firstTs,
    lastTs,
    family,
    derivation,
    state,
    goneSince,
  ] = row;
  return {
    sourceId: readSourceId(text(sourceId)),
    path: text(path),
    generation: number(generation),
    agent: text(agent),
    root: text(root),
    user: text(user),
    sessionId: sessionId === null || sessionId === undefined ? null : text(sessionId),
    cluster: number(cluster),
    hint: text(hint),
    sizeBytes: number(sizeBytes),
    mtimeNs: BigInt(text(mtimeNs)),
    deviceInode: text(deviceInode),
    contentSha256: contentSha256 === null || contentSha256 === undefined ? null : text(contentSha256),
    archivedBytes: number(archivedBytes),
    pendingBytes: number(pendingBytes),
    lines: number(lines),
    records: number(records),
    salvaged: number(salvaged),
    quarantined: number(quarantined),
    blank: number(blank),
    salvagedRecords: number(salvagedRecords),
    events: number(events),
    unknownEvents: number(unknownEvents),
    firstTs: firstTs === null || firstTs === undefined ? null : number(firstTs),
    lastTs: lastTs === null || lastTs === undefined ? null : number(lastTs),
    family: readSourceId(text(family)),
    derivation: derivation === null || derivation === undefined ? null : text(derivation),
    state: statuses.find((status) => status === state) ?? 'live',
    goneSince: goneSince === null || goneSince === undefined ? null : number(goneSince),
  };
}

type RowCell = Json | Row[number] | undefined;

function text(cell: RowCell): string {
  return typeof cell === 'string' ? cell : typeof cell === 'number' || typeof cell === 'bigint' ? String(cell) : '';
}

function number(cell: RowCell): number {
  return typeof cell === 'number' || typeof cell === 'string' || typeof cell === 'bigint' ? Number(cell) : 0;
}

const CACHE_FILE = 'sources.json';

/** A copy of the table that needs no DuckDB to be read; only believed for the very version that the log names. */
export async function writeSourcesCache(
  store: Store,
  snapshot: Snapshot,
  sources: readonly SourceState[],
): Promise<void> {
  await writeCacheFile(
    path.join(store.cache, CACHE_FILE),
    sealed({ of: cacheKey(snapshot), columns: columnKey, rows: encodeSources(sources) }),
  );
}

/** Null when there is no copy of this version of the table. */
export async function readSourcesCache(store: Store, snapshot: Snapshot): Promise<readonly SourceState[] | null> {
  const json = asObject(await readJson(path.join(store.cache, CACHE_FILE)));
  if (json === null || json['of'] !== cacheKey(snapshot) || json['columns'] !== columnKey) return null;
  return decodeSources(json['rows']);
}

/** Rows as JSON values; 64-bit times as text. */
export function encodeSources(sources: readonly SourceState[]): readonly Json[] {
  return sources.map((source) =>
    toRow(source).map((cell) => (typeof cell === 'bigint' ? String(cell) : jsonCell(cell))),
  );
}

export function decodeSources(rows: Json | undefined): readonly SourceState[] {
  return (asArray(rows) ?? []).map((row) => fromRow(asArray(row) ?? []));
}

function jsonCell(value: Json | Row[number]): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function cacheKey(snapshot: Snapshot): string {
  return `${snapshot.version}:${snapshot.files.map((file) => file.path).join()}`;
}

const columnKey = tables.sources.columns.map((column) => column.name).join();

async function readJson(file: string): Promise<Json | undefined> {
  try {
    return unsealed(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
