import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf } from '../core/errors.ts';
import type { Kept } from './kept/kept.ts';
import { closure, createStatements, type Catalog } from './load.ts';
import type { References } from './names.ts';

/** Makes the views that queries name, each once, with everything that they read. */
export class Maker {
  readonly #connection: DuckDBConnection;
  readonly #catalog: Catalog;
  readonly #kept: Kept | null;
  readonly #made = new Set<string>();
  readonly #stored = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(connection: DuckDBConnection, catalog: Catalog, kept: Kept | null) {
    this.#connection = connection;
    this.#catalog = catalog;
    this.#kept = kept;
  }

  /** One query at a time: two that start together may need the same view. */
  make(references: References): Promise<void> {
    const mine = this.#turn.then(() => this.#make(references));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Makes what has these names. */
  makeNamed(names: readonly string[]): Promise<void> {
    return this.make({ tables: new Set(names), functions: new Set(), calls: new Set(), catalog: false });
  }

  /** Whether to try once more without kept rows: they are used, and the error may be that of a damaged or lost file. */
  async goesOnWithout(error: unknown): Promise<boolean> {
    if (this.#stored.size === 0 || OF_THE_QUERY.test(messageOf(error))) return false;
    await this.#turn;
    this.#kept?.giveUp();
    for (const name of this.#stored) {
      await this.#connection.run(`drop view if exists ${name}`);
      this.#made.delete(name);
    }
    this.#stored.clear();
    return true;
  }

  async #make(references: References): Promise<void> {
    const wanted = references.catalog
      ? new Set([...this.#catalog.views.keys(), ...this.#catalog.macros.keys()])
      : new Set([...references.tables, ...references.functions, ...references.calls]);
    const stored = references.catalog ? new Map<string, string>() : await this.#storedRows(wanted);
    const statements = createStatements(this.#catalog, wanted, this.#made, !references.catalog, stored);
    const macros = [...statements].filter(([name]) => this.#catalog.macros.has(name));
    if (macros.length > 0) await this.#connection.run(macros.map(([, statement]) => statement).join('\n'));
    for (const [name] of macros) this.#made.add(name);
    for (const [name, statement] of statements) {
      if (this.#made.has(name)) continue;
      if (stored.has(name)) this.#stored.add(name);
      await this.#connection.run(statement);
      this.#made.add(name);
    }
  }

  /** Selects of the stored views that the wanted ones read; what is missing of them is made first. */
  async #storedRows(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
    const kept = this.#kept;
    if (kept === null) return new Map();
    const all = [...this.#catalog.views.values()].filter((view) => view.stored).map(({ name }) => name);
    const there = (): ReadonlyMap<string, string> =>
      new Map(all.flatMap((name) => [[name, kept.select(name)] as const]).filter(isPair));
    const needed = closure(this.#catalog, wanted, new Set(there().keys()));
    await kept.make(all.filter((name) => needed.has(name) && !this.#made.has(name)));
    return there();
  }
}

function isPair(pair: readonly [string, string | null]): pair is readonly [string, string] {
  return pair[1] !== null;
}

const OF_THE_QUERY = /^(Binder|Parser|Catalog|Conversion|Out of Memory|INTERRUPT)/i;
