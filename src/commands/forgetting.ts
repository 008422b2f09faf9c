import { join } from 'node:path';
import { forgetSessions } from '../judge/ledger/forget.ts';
import { bytesHold, formsOf } from '../ingest/absence.ts';
import { dropUnmadeJournal } from '../ingest/ledger.ts';
import { WorkDuck } from '../lake/duck.ts';
import { carryOut } from '../lake/forget/carry-out.ts';
import { archivedChunks, chooseDoomed, type Choice, type Doomed } from '../lake/forget/choose.ts';
import { readPlan, removePlan, type ForgetPlan } from '../lake/forget/plan.ts';
import { HEAD_BYTES, keyedHash, type Tombstone } from '../lake/forget/tombstones.ts';
import { acquireJudgeLock, acquireLock } from '../lake/lock.ts';
import { makeDirectory } from '../lake/files.ts';
import { redactionKey } from '../lake/redaction-key.ts';
import type { SourceState } from '../lake/sources.ts';
import type { Store } from '../lake/store.ts';

const MEMORY_BYTES = 512 * 1024 * 1024;

/** Who is judging keeps its lock for hours. */
const WAIT_S = 2;

/**
 * Finishes what was written down to be forgotten, from its beginning: each step may be done twice. The caller holds no lock; true
 * when there was something to do.
 */
export async function finishForgetting(store: Store, now: Date): Promise<boolean> {
  if ((await readPlan(store)) === null) return false;
  const judge = join(store.directory, 'judge');
  await makeDirectory(judge);
  const judgeLock = await acquireJudgeLock(store, { waitS: WAIT_S });
  try {
    const lock = await acquireLock(store, 'forget', { waitS: WAIT_S });
    try {
      const plan = await readPlan(store);
      if (plan === null) return false;
      await forgetSessions(judge, plan.sessions);
      await dropUnmadeJournal(store);
      await carryOut(store, plan, now);
      await removePlan(store);
      return true;
    } finally {
      await lock.release();
    }
  } finally {
    await judgeLock.release();
  }
}

/** What a choice means, and the plan by which it goes. Changes nothing. */
export async function chooseToForget(
  store: Store,
  sources: readonly SourceState[],
  choice: Choice,
  at: Date,
): Promise<{ readonly doomed: Doomed; readonly plan: ForgetPlan }> {
  return await WorkDuck.use({ folder: store.directory, memoryBytes: MEMORY_BYTES }, async (duck) => {
    const forms = choice.match === null ? [] : formsOf(choice.match);
    const doomed = await chooseDoomed(store, duck, sources, choice, (chunks, { path }) => {
      return forms.some((form) => path.includes(form)) || bytesHold(Buffer.concat([...chunks]), forms);
    });
    const key = await redactionKey(store.directory);
    const tombstones: Tombstone[] = [];
    for (const source of doomed.sources) {
      const [first = Buffer.alloc(0)] = await archivedChunks(store, duck, source);
      tombstones.push({
        path: keyedHash(key, source.path),
        session: source.sessionId === null ? null : keyedHash(key, source.sessionId),
        head: keyedHash(key, first.subarray(0, HEAD_BYTES)),
        content: keyedHash(key, source.contentSha256 ?? ''),
        lengthBytes: source.archivedBytes,
        at: at.toISOString(),
      });
    }
    const doomedSources = doomed.sources.map(({ sourceId }) => sourceId);
    return { doomed, plan: { sources: doomedSources, sessions: doomed.sessions, tombstones } };
  });
}
