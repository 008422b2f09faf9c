import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf, UsageError } from '../core/errors.ts';
import { literal } from '../lake/duck.ts';
import type { Catalog } from './load.ts';
import { refuseBrokenRules, RULE_MACROS, RULES, withOwnRules } from './own-rules.ts';
import type { Seed } from './seeds.ts';

/**
 * The catalog with a person's own seeds in place of the package's of the same names; rules of friction from a file of
 * the person's own are added to the package's. Throws a UsageError for rules that say what cannot be.
 */
export function withOwnSeeds(catalog: Catalog, own: readonly Seed[]): Catalog {
  const seeds = new Map(catalog.seeds);
  for (const seed of own) {
    const packaged = seeds.get(seed.name);
    seeds.set(seed.name, isOwnRules(seed) && packaged !== undefined ? withOwnRules(packaged, seed) : seed);
  }
  return { ...catalog, seeds };
}

/**
 * A pattern that DuckDB cannot read would make every query fail without a name; throws a UsageError that has one. `make` makes
 * the macros that say whether a rule fits.
 */
export async function refuseBrokenPatterns(
  connection: DuckDBConnection,
  catalog: Catalog,
  own: readonly Seed[],
  make: (names: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const seed of own) {
    const rules = isOwnRules(seed) ? catalog.seeds.get(seed.name) : undefined;
    if (rules === undefined) {
      await refuseBrokenCells(connection, seed);
    } else {
      await make(RULE_MACROS);
      await refuseBrokenRules(connection, rules, seed);
    }
  }
}

function isOwnRules(seed: Seed): boolean {
  return seed.name === RULES && seed.file !== undefined;
}

async function refuseBrokenCells(connection: DuckDBConnection, { name, columns, rows }: Seed): Promise<void> {
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
