import { readSourceId, type SourceId } from '../core/ids.ts';
import { asArray, type Json } from '../core/json.ts';
import type { Row } from './row.ts';

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

/** What each column of the table holds of a source, in the order of its schema. */
const cellsOf: readonly ((source: SourceState) => string | number | bigint | null)[] = [
  (source) => source.sourceId,
  (source) => source.path,
  (source) => source.generation,
  (source) => source.agent,
  (source) => source.root,
  (source) => source.user,
  (source) => source.sessionId,
  (source) => source.cluster,
  (source) => source.hint,
  (source) => source.sizeBytes,
  (source) => source.mtimeNs,
  (source) => source.deviceInode,
  (source) => source.contentSha256,
  (source) => source.archivedBytes,
  (source) => source.pendingBytes,
  (source) => source.lines,
  (source) => source.records,
  (source) => source.salvaged,
  (source) => source.quarantined,
  (source) => source.blank,
  (source) => source.salvagedRecords,
  (source) => source.events,
  (source) => source.unknownEvents,
  (source) => source.firstTs,
  (source) => source.lastTs,
  (source) => source.family,
  (source) => source.derivation,
  (source) => source.state,
  (source) => source.goneSince,
];

export function toRow(source: SourceState): Row {
  return cellsOf.map((cellOf) => cellOf(source));
}

const statuses: readonly SourceStatus[] = ['live', 'seen', 'gone', 'replaced', 'unreadable'];

/**
 * A row as `toRow` made it, or as JSON gave it back. Positions and not names, and no destructuring, which takes twice the time: with nothing
 * new this is much of what a sync does.
 */
export function fromRow(row: readonly (Json | Row[number])[]): SourceState {
  return {
    sourceId: readSourceId(text(row[0])),
    path: text(row[1]),
    generation: number(row[2]),
    agent: text(row[3]),
    root: text(row[4]),
    user: text(row[5]),
    sessionId: row[6] === null || row[6] === undefined ? null : text(row[6]),
    cluster: number(row[7]),
    hint: text(row[8]),
    sizeBytes: number(row[9]),
    mtimeNs: BigInt(text(row[10])),
    deviceInode: text(row[11]),
    contentSha256: row[12] === null || row[12] === undefined ? null : text(row[12]),
    archivedBytes: number(row[13]),
    pendingBytes: number(row[14]),
    lines: number(row[15]),
    records: number(row[16]),
    salvaged: number(row[17]),
    quarantined: number(row[18]),
    blank: number(row[19]),
    salvagedRecords: number(row[20]),
    events: number(row[21]),
    unknownEvents: number(row[22]),
    firstTs: row[23] === null || row[23] === undefined ? null : number(row[23]),
    lastTs: row[24] === null || row[24] === undefined ? null : number(row[24]),
    family: readSourceId(text(row[25])),
    derivation: row[26] === null || row[26] === undefined ? null : text(row[26]),
    state: statuses.find((status) => status === row[27]) ?? 'live',
    goneSince: row[28] === null || row[28] === undefined ? null : number(row[28]),
  };
}

type RowCell = Json | Row[number] | undefined;

function text(cell: RowCell): string {
  return typeof cell === 'string' ? cell : typeof cell === 'number' || typeof cell === 'bigint' ? String(cell) : '';
}

function number(cell: RowCell): number {
  return typeof cell === 'number' || typeof cell === 'string' || typeof cell === 'bigint' ? Number(cell) : 0;
}

/** The values of one column, for JSON; 64-bit times as text. */
export function jsonColumn(sources: readonly SourceState[], column: number): Json[] {
  const cellOf = cellsOf[column] ?? (() => null);
  return sources.map((source) => jsonCell(cellOf(source)));
}

export function jsonRow(source: SourceState): Json[] {
  return cellsOf.map((cellOf) => jsonCell(cellOf(source)));
}

export function decodeSources(rows: Json | undefined): readonly SourceState[] {
  return (asArray(rows) ?? []).map((row) => fromRow(asArray(row) ?? []));
}

function jsonCell(value: string | number | bigint | null): string | number | null {
  return typeof value === 'bigint' ? String(value) : value;
}
