import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../../core/errors.ts';
import { asNumber, asObject } from '../../core/json.ts';
import { storePaths } from '../store.ts';
import { parseJson } from './actions.ts';

/** What lies in a table's log, versions ascending. */
export interface LogListing {
  readonly commits: readonly number[];
  readonly checkpoints: readonly number[];
}

export function logPath(tableDirectory: string): string {
  return join(tableDirectory, '_delta_log');
}

export function commitPath(tableDirectory: string, version: number): string {
  return join(logPath(tableDirectory), `${padded(version)}.json`);
}

/** A commit that was cut short, kept out of the way under a name that no reader looks at. */
export function tornPath(tableDirectory: string, version: number): string {
  return `${commitPath(tableDirectory, version)}.torn`;
}

export function checkpointPath(tableDirectory: string, version: number): string {
  return join(logPath(tableDirectory), `${padded(version)}.checkpoint.parquet`);
}

/** Tells other engines where the newest checkpoint is; sesh itself lists the folder. */
export function lastCheckpointPath(tableDirectory: string): string {
  return join(logPath(tableDirectory), '_last_checkpoint');
}

/** The snapshot beside the log that spares readers a DuckDB start. */
export function cachePath(tableDirectory: string): string {
  return join(storePaths(dirname(tableDirectory)).cache, `${basename(tableDirectory)}.snapshot.json`);
}

/** How messages call a file of the log. */
export function shortName(path: string): string {
  return join(basename(dirname(dirname(path))), basename(dirname(path)), basename(path));
}

export async function listLog(tableDirectory: string): Promise<LogListing> {
  const names = await readdir(logPath(tableDirectory)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  return {
    commits: versions(names, /^(\d{20})\.json$/),
    checkpoints: versions(names, /^(\d{20})\.checkpoint\.parquet$/),
  };
}

/** The version that `_last_checkpoint` names, or null. */
export async function readLastCheckpoint(tableDirectory: string): Promise<number | null> {
  const text = await readFile(lastCheckpointPath(tableDirectory), 'utf8').catch(() => '');
  return asNumber(asObject(parseJson(text))?.['version']);
}

function versions(names: readonly string[], shape: RegExp): readonly number[] {
  const found = names.flatMap((name) => shape.exec(name)?.[1] ?? []);
  return found.map(Number).sort((a, b) => a - b);
}

function padded(version: number): string {
  return String(version).padStart(20, '0');
}
