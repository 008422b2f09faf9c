import type { DuckDBConnection } from '@duckdb/node-api';
import { scalar } from './scalar.ts';

/** Rows whose ids are compared at a time, for 115 MB of the engine's memory (measured). */
const ROWS_PER_PASS = 1_000_000;
/** Each pass reads all ids; what more of them would save is spilled instead. */
const MOST_PASSES = 64;

/**
 * Leaves the table `shared_ids` (event_id) behind: the ids that several rows of a stage have; false when there are none. Compared are hashes of
 * 64 bits, a part of them at a time, so that memory does not grow with the stage: the ids of 3 million rows together took 330 MB.
 */
export async function findSharedIds(
  connection: DuckDBConnection,
  stage: string,
  rowsPerPass: number = ROWS_PER_PASS,
): Promise<boolean> {
  const rows = await scalar(connection, `select count(*) from ${stage}`);
  const passes = Math.min(MOST_PASSES, Math.max(1, Math.ceil(rows / rowsPerPass)));
  let hashes = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    const into = pass === 0 ? 'create or replace table shared_hashes as' : 'insert into shared_hashes';
    hashes += await scalar(
      connection,
      `${into} select hash(event_id) as hash from ${stage} where hash(event_id) % ${passes} = ${pass}
       group by 1 having count(*) > 1`,
    );
  }
  if (hashes === 0) return false;
  // Two ids may have one hash.
  await connection.run(`
    create or replace table shared_ids as
    select event_id from ${stage} where hash(event_id) in (from shared_hashes) group by event_id having count(*) > 1`);
  return true;
}
