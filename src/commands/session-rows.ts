import { asText, type JsonObject } from '../core/json.ts';
import { literal } from '../lake/duck.ts';
import type { ViewSettings } from '../views/lake.ts';
import type { Views } from '../views/query.ts';
import { isWindow } from './filters.ts';
import { records } from './views.ts';

/** More names than this in one text take longer to look for than all sessions take to read. */
const MOST_IDS = 200;

/** The whole rows of these sessions of the window, in this order, with the columns of the view `sessions`. */
export async function sessionRows(
  { query }: Views,
  keys: readonly JsonObject[],
  settings: ViewSettings,
): Promise<readonly JsonObject[]> {
  if (keys.length === 0) return [];
  const ids = [...new Set(keys.map((key) => asText(key['session_id']) ?? ''))];
  const rows = records(
    await query(
      isWindow(settings)
        ? `from intermediate.sessions_of(setting_since(), setting_until(), setting_anchor(), ${idsText(ids)})`
        : `from sessions where in_ids(session_id, ${idsText(ids)})`,
    ),
  );
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(keyOf(key))).filter((row) => row !== undefined);
}

/**
 * Session ids as the macro `in_ids` takes them: written out, because the engine skips nothing for a parameter. What is
 * no plain id does not become SQL: then all sessions are read.
 */
export function idsText(ids: readonly string[]): string {
  return ids.length > MOST_IDS || !ids.every((id) => PLAIN_ID.test(id)) ? 'null' : literal(`\n${ids.join('\n')}\n`);
}

/** An id, or the beginning of one, without anything that could end a text in SQL. */
export const PLAIN_ID = /^[\w.-]+$/;

function keyOf(row: JsonObject): string {
  return `${asText(row['agent']) ?? ''}:${asText(row['session_id']) ?? ''}`;
}
