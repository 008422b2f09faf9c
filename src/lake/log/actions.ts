import { never, SeshError } from '../../core/errors.ts';
import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../../core/json.ts';

/**
 * The actions of a Delta log (PROTOCOL.md of delta-io/delta, "Actions"), as far as reader version 1 and writer version 2 go:
 * `parseAction` and `actionJson` are each other's inverse for what sesh writes.
 */

export interface DataFile {
  /** Relative to the table's folder; `[a-z0-9=._-]` and `/` only, so that it means the same to every reader. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly records: number;
  /** One value for each partition column; the empty text is null. */
  readonly partition: Readonly<Record<string, string>>;
  readonly stats?: FileStats;
  /** Our own notes about the file. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Bounds of some columns, as Delta's JSON has them: timestamps as text (`2026-02-05T15:56:00.000000Z`). */
interface FileStats {
  readonly min: Readonly<Record<string, string | number>>;
  readonly max: Readonly<Record<string, string | number>>;
}

export interface LoggedFile {
  readonly file: DataFile;
  readonly modificationTime: number;
}

/** A file that a commit took out of the table: older versions still name it. */
export interface RemovedFile {
  readonly path: string;
  readonly deletionTimestamp: number;
  readonly sizeBytes: number;
  readonly partition: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface TableMetadata {
  readonly id: string;
  readonly name: string;
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly createdTime: number;
  readonly configuration: Readonly<Record<string, string>>;
}

export interface Protocol {
  readonly reader: number;
  readonly writer: number;
}

export type Action =
  | ({ readonly kind: 'protocol' } & Protocol)
  | { readonly kind: 'metadata'; readonly metadata: TableMetadata }
  | ({ readonly kind: 'add' } & LoggedFile)
  | { readonly kind: 'remove'; readonly removed: RemovedFile };

/** A checkpoint repeats what commits said: there nothing is a change of the data. */
export function actionJson(action: Action, dataChange: boolean): JsonObject {
  switch (action.kind) {
    case 'protocol':
      return { protocol: { minReaderVersion: action.reader, minWriterVersion: action.writer } };
    case 'metadata':
      return { metaData: metadataJson(action.metadata) };
    case 'add':
      return { add: addJson(action, dataChange) };
    case 'remove':
      return { remove: removeJson(action.removed, dataChange) };
    default:
      return never(action);
  }
}

/** Null for kinds of actions that a reader may pass over (`txn`, `commitInfo`, what later versions add). */
export function parseAction(json: JsonObject, where: string): Action | null {
  const protocol = asObject(json['protocol']);
  if (protocol !== null) {
    const reader = whole(protocol['minReaderVersion'], where);
    return { kind: 'protocol', reader, writer: whole(protocol['minWriterVersion'], where) };
  }
  const metadata = asObject(json['metaData']);
  if (metadata !== null) return { kind: 'metadata', metadata: parseMetadata(metadata, where) };
  const add = asObject(json['add']);
  if (add !== null) return { kind: 'add', ...parseAdd(add, where) };
  const remove = asObject(json['remove']);
  return remove === null ? null : { kind: 'remove', removed: parseRemove(remove, where) };
}

/** No upward step, no absolute path, no escape that readers undo differently, no hidden name. */
export function isPlainPath(path: string): boolean {
  return path.split('/').every((part) => /^[a-z0-9=-][a-z0-9=._-]*$/.test(part));
}

export function damagedLog(where: string, why: string): SeshError {
  return new SeshError(`The store is damaged at ${where}: ${why}.`, {
    hint: 'Run `sesh doctor` to see what else is damaged, and put that file back from a backup.',
  });
}

function metadataJson(metadata: TableMetadata): JsonObject {
  return {
    id: metadata.id,
    name: metadata.name,
    format: { provider: 'parquet', options: {} },
    schemaString: metadata.schemaString,
    partitionColumns: metadata.partitionColumns,
    configuration: sorted(metadata.configuration),
    createdTime: metadata.createdTime,
  };
}

function addJson({ file, modificationTime }: LoggedFile, dataChange: boolean): JsonObject {
  return {
    path: file.path,
    partitionValues: sorted(file.partition),
    size: file.sizeBytes,
    modificationTime,
    dataChange,
    stats: statsText(file),
    tags: sorted(file.tags),
  };
}

/** Delta keeps statistics as JSON inside the JSON. */
function statsText(file: DataFile): string {
  const bounds =
    file.stats === undefined ? {} : { minValues: sorted(file.stats.min), maxValues: sorted(file.stats.max) };
  return JSON.stringify({ numRecords: file.records, ...bounds });
}

function removeJson(removed: RemovedFile, dataChange: boolean): JsonObject {
  return {
    path: removed.path,
    deletionTimestamp: removed.deletionTimestamp,
    dataChange,
    extendedFileMetadata: true,
    partitionValues: sorted(removed.partition),
    size: removed.sizeBytes,
    tags: sorted(removed.tags),
  };
}

function parseMetadata(json: JsonObject, where: string): TableMetadata {
  return {
    id: text(json['id'], where),
    name: asText(json['name']) ?? '',
    schemaString: text(json['schemaString'], where),
    partitionColumns: (asArray(json['partitionColumns']) ?? []).map((column) => text(column, where)),
    createdTime: asNumber(json['createdTime']) ?? 0,
    configuration: textValues(json['configuration'], where),
  };
}

function parseAdd(json: JsonObject, where: string): LoggedFile {
  if (asObject(json['deletionVector']) !== null)
    throw damagedLog(where, 'it uses deletion vectors, which sesh does not read');
  const { records, stats } = parseStats(json['stats'], where);
  const file = {
    path: plainPath(json['path'], where),
    sizeBytes: whole(json['size'], where),
    records,
    partition: textValues(json['partitionValues'], where),
    ...(stats === null ? {} : { stats }),
    tags: textValues(json['tags'], where),
  };
  return { file, modificationTime: asNumber(json['modificationTime']) ?? 0 };
}

function parseRemove(json: JsonObject, where: string): RemovedFile {
  return {
    path: plainPath(json['path'], where),
    deletionTimestamp: asNumber(json['deletionTimestamp']) ?? 0,
    sizeBytes: asNumber(json['size']) ?? 0,
    partition: textValues(json['partitionValues'], where),
    tags: textValues(json['tags'], where),
  };
}

function parseStats(
  json: Json | undefined,
  where: string,
): { readonly records: number; readonly stats: FileStats | null } {
  const stats = asObject(parseJson(text(json, where)));
  const min = asObject(stats?.['minValues']);
  const max = asObject(stats?.['maxValues']);
  const records = whole(stats?.['numRecords'], where);
  return { records, stats: min === null || max === null ? null : { min: plainValues(min), max: plainValues(max) } };
}

/** What `JSON.parse` says, or undefined for text that is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function plainPath(json: Json | undefined, where: string): string {
  const path = text(json, where);
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..') || !/^[\w=./-]+$/.test(path)) {
    throw damagedLog(where, `it names the file ${JSON.stringify(path)}, which sesh does not open`);
  }
  return path;
}

function text(json: Json | undefined, where: string): string {
  const found = asText(json);
  if (found === null) throw damagedLog(where, 'an action lacks a text');
  return found;
}

function whole(json: Json | undefined, where: string): number {
  const found = asNumber(json);
  if (found === null || !Number.isSafeInteger(found) || found < 0) throw damagedLog(where, 'an action lacks a number');
  return found;
}

/** Delta's null among partition values and tags becomes the empty text. */
export function textValues(json: Json | undefined, where: string): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(json) ?? {}).map(([key, value]): [string, string] => {
    if (value !== null && typeof value !== 'string')
      throw damagedLog(where, `the value of ${JSON.stringify(key)} is no text`);
    return [key, value ?? ''];
  });
  return Object.fromEntries(entries);
}

function plainValues(json: JsonObject): Readonly<Record<string, string | number>> {
  const plain = Object.entries(json).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  );
  return Object.fromEntries(plain);
}

/** The log's bytes must not depend on the order in which a caller built an object. */
export function sorted<Value>(values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => compareText(a, b)));
}

/** By UTF-16 unit: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
