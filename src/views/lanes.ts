import type { DuckDBConnection } from '@duckdb/node-api';

/** To plan a query takes one processor, so that two at once make better use of two. */
const MOST = 2;

/** Connections for queries that run at once; each is lent to one query at a time. */
export class Lanes {
  readonly #open: () => Promise<DuckDBConnection>;
  readonly #free: DuckDBConnection[] = [];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  #opened = 0;

  constructor(open: () => Promise<DuckDBConnection>) {
    this.#open = open;
  }

  async lend<Result>(use: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#take();
    try {
      return await use(connection);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(connection);
      else next(connection);
    }
  }

  async #take(): Promise<DuckDBConnection> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#opened === MOST) return await new Promise((resolve) => this.#waiting.push(resolve));
    this.#opened += 1;
    return await this.#open();
  }
}
