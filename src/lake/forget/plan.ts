import path from 'node:path';
import { readSourceId, type SourceId } from '../../core/ids.ts';
import { asArray, asObject, asText } from '../../core/json.ts';
import { removeFile, writeFileDurably } from '../files.ts';
import { readOwnJson } from '../own-json.ts';
import { sealed, unsealed } from '../sealed.ts';
import type { StorePaths } from '../store.ts';
import type { SessionName } from './choose.ts';
import { parseTombstones, type Tombstone } from './tombstones.ts';

/** What is to go, written down before anything goes: a run that is cut off is finished from it. Ids and hashes, no text. */
export interface ForgetPlan {
  readonly sources: readonly SourceId[];
  readonly sessions: readonly SessionName[];
  readonly tombstones: readonly Tombstone[];
}

const PLAN_FILE = 'forget.json';
const HINT = 'It says what a run, which was cut off, was to forget. Remove it and run that `sesh forget` again.';

export async function writePlan(store: StorePaths, plan: ForgetPlan): Promise<void> {
  await writeFileDurably(planFile(store), sealed(plan));
}

/** Null when nothing waits to be forgotten. */
export async function readPlan(store: StorePaths): Promise<ForgetPlan | null> {
  const plan = await readOwnJson(planFile(store), HINT, unsealed);
  if (plan === null) return null;
  return {
    sources: (asArray(plan['sources']) ?? []).flatMap((id) => (typeof id === 'string' ? [readSourceId(id)] : [])),
    sessions: (asArray(plan['sessions']) ?? []).flatMap((item) => {
      const [agent, sessionId] = [asText(asObject(item)?.['agent']), asText(asObject(item)?.['sessionId'])];
      return agent === null || sessionId === null ? [] : [{ agent, sessionId }];
    }),
    tombstones: parseTombstones(plan['tombstones']),
  };
}

export async function removePlan(store: StorePaths): Promise<void> {
  await removeFile(planFile(store));
}

export function planFile({ directory }: StorePaths): string {
  return path.join(directory, PLAN_FILE);
}
