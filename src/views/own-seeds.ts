import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf, UsageError } from '../core/errors.ts';
import { literal } from '../lake/duck.ts';
import type { Catalog } from './load.ts';
import type { Seed } from './seeds.ts';

/** The catalog with a person's own seeds in place of the package's of the same names. */
export function withOwnSeeds(catalog: Catalog, own: readonly Seed[]): Catalog {
  return { ...catalog, seeds: new Map([...catalog.seeds, ...own.map((seed) => [seed.name, seed] as const)]) };
}

/** A pattern that DuckDB cannot read would make every query fail without a name; throws a UsageError that has one. */
export async function refuseBrokenPatterns(connection: DuckDBConnection, own: readonly Seed[]): Promise<void> {
  for (const { name, columns, rows } of own) {
    const at = columns.findIndex((column) => column.name === 'pattern');
    const patterns = at < 0 ? [] : rows.filter((row) => (row[at] ?? '') !== '');
    for (const row of patterns) {
      try {
        await connection.run(`select regexp_matches('', ${literal(row[at] ?? '')})`);
      } catch (error) {
        throw new UsageError(
          `The pattern of ${row[0] ?? ''} (${name.replace('seeds.', '')}) is no regular expression: ${messageOf(error)}`,
          'Patterns are in the syntax of RE2: no look-around and no back references.',
        );
      }
    }
  }
}
