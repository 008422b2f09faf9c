import type { JsonObject } from '../../core/json.ts';
import type { QueryParameter, Views } from '../../views/query.ts';

/** The rows of an answer as objects with the names of its columns. */
export async function queryRows(
  views: Pick<Views, 'query'>,
  sql: string,
  parameters: readonly QueryParameter[] = [],
): Promise<readonly JsonObject[]> {
  const { columns, rows } = await views.query(sql, parameters);
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}
