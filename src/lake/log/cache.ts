import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asArray, asNumber, asObject, asText, isObject } from '../../core/json.ts';
import { makeDirectory, writeCacheFile } from '../files.ts';
import { sealed, unsealed } from '../sealed.ts';
import { actionJson, parseAction, textValues } from './actions.ts';
import { sha256 } from './commit-file.ts';
import { cachePath, commitPath } from './names.ts';
import { noTable, replay, stateActions, type TableState } from './state.ts';

/**
 * The state beside the log as one JSON file: reading it costs no DuckDB start and no walk through the commits. It is believed only
 * when the commit that it was made after is still there with the same bytes; else it counts as missing.
 */
export async function readCache(tableDirectory: string): Promise<TableState | null> {
  const cache = asObject(unsealed(await textOf(cachePath(tableDirectory))));
  const version = asNumber(cache?.['version']);
  if (cache === null || version === null) return null;
  const commitText = await textOf(commitPath(tableDirectory, version));
  if (commitText === '' || sha256(commitText) !== asText(cache['commitSha256'])) return null;
  try {
    const actions = (asArray(cache['actions']) ?? []).flatMap((json) =>
      isObject(json) ? (parseAction(json, '') ?? []) : [],
    );
    const note = textValues(cache['note'], '');
    const timestampMs = asNumber(cache['timestamp']) ?? 0;
    return replay({ ...noTable, version: version - 1 }, [{ timestampMs, note, actions }], '');
  } catch {
    return null; // a cache in another shape is no error: the log says the same
  }
}

/** Called with the state that follows from the log, by the owner of the lock. */
export async function writeCache(tableDirectory: string, state: TableState): Promise<void> {
  const path = cachePath(tableDirectory);
  await makeDirectory(dirname(path));
  const cache = {
    version: state.version,
    commitSha256: sha256(await textOf(commitPath(tableDirectory, state.version))),
    timestamp: state.timestampMs,
    note: state.note,
    actions: stateActions(state, []).map((action) => actionJson(action, false)),
  };
  await writeCacheFile(path, sealed(cache));
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
