import {
  compareText,
  damagedLog,
  type Action,
  type DataFile,
  type LoggedFile,
  type RemovedFile,
  type TableMetadata,
} from './actions.ts';
import type { Commit } from './commit-file.ts';
import { refuseUnknownProtocol } from './metadata.ts';

/** Everything that the log says about a table at one version. */
export interface TableState {
  readonly version: number;
  readonly timestampMs: number;
  readonly metadata: TableMetadata | null;
  readonly writerVersion: number;
  readonly files: ReadonlyMap<string, LoggedFile>;
  /** Files that earlier versions name and this one does not. A state out of the cache lists only those removed since. */
  readonly removed: ReadonlyMap<string, RemovedFile>;
  readonly note: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** What readers of a table need: the files to open, and nothing else to look at. */
export interface Snapshot {
  /** -1 when the table does not exist. */
  readonly version: number;
  /** Sorted by path. */
  readonly files: readonly DataFile[];
  /** The notes of the last commit. */
  readonly properties: Readonly<Record<string, string>>;
  readonly metadata: TableMetadata | null;
  /** What Delta asks of a writer of this table. */
  readonly writerVersion: number;
  /** Sentences for the person: a damaged newest commit was passed over. */
  readonly warnings: readonly string[];
}

export const noTable: TableState = {
  version: -1,
  timestampMs: 0,
  metadata: null,
  writerVersion: 0,
  files: new Map(),
  removed: new Map(),
  note: {},
  warnings: [],
};

/** The state after the commits, the first of which has version `state.version + 1`. */
export function replay(state: TableState, commits: readonly Commit[], where: string): TableState {
  const files = new Map(state.files);
  const removed = new Map(state.removed);
  let { metadata, writerVersion } = state;
  for (const action of commits.flatMap((commit) => commit.actions)) {
    switch (action.kind) {
      case 'protocol':
        refuseUnknownProtocol({ reader: action.reader, writer: 0 }, where);
        writerVersion = action.writer;
        break;
      case 'metadata':
        metadata = action.metadata;
        break;
      case 'add':
        files.set(action.file.path, { file: action.file, modificationTime: action.modificationTime });
        removed.delete(action.file.path);
        break;
      case 'remove':
        files.delete(action.removed.path);
        removed.set(action.removed.path, action.removed);
        break;
    }
  }
  const last = commits.at(-1);
  if (metadata === null && commits.length > 0) throw damagedLog(where, 'no commit describes the table');
  return {
    ...state,
    version: state.version + commits.length,
    timestampMs: last?.timestampMs ?? state.timestampMs,
    note: last?.note ?? state.note,
    metadata,
    writerVersion,
    files,
    removed,
  };
}

/** The state as actions, in a fixed order: a checkpoint and the cache hold these. */
export function stateActions(state: TableState, removed: readonly RemovedFile[]): readonly Action[] {
  return [
    { kind: 'protocol', reader: 1, writer: state.writerVersion },
    ...(state.metadata === null ? [] : [{ kind: 'metadata', metadata: state.metadata } as const]),
    ...[...state.files].sort(byKey).map(([, logged]) => ({ kind: 'add', ...logged }) as const),
    ...byPath(removed.values()).map((file) => ({ kind: 'remove', removed: file }) as const),
  ];
}

export function snapshotOf(state: TableState): Snapshot {
  return {
    version: state.version,
    files: [...state.files].sort(byKey).map(([, { file }]) => file),
    properties: state.note,
    metadata: state.metadata,
    writerVersion: state.writerVersion,
    warnings: state.warnings,
  };
}

export function byPath<File extends { readonly path: string }>(files: Iterable<File>): File[] {
  return [...files].sort((a, b) => compareText(a.path, b.path));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareText(a, b);
}
