import type { Json } from '../core/json.ts';
import type { Window } from '../core/window.ts';
import type { Views } from '../views/query.ts';
import { rowOf, type Row } from './cells.ts';
import { iso } from './period.ts';
import { quoted, type Quotable } from './quote.ts';

/** One value for each view of schema `reports` that the page prints. */
interface Answers<Answer> {
  readonly figures: Answer;
  readonly figures_before: Answer;
  readonly friction: Answer;
  readonly retry_loops: Answer;
  readonly slow_commands: Answer;
  readonly projects: Answer;
  readonly coverage: Answer;
  readonly unknown_record_types: Answer;
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
}

/** Asks the views for a window and the one before it. Every text comes back as a redacted quote. */
export async function askViews(
  views: Views,
  window: Window,
  before: Window | null,
  redactionKey: Uint8Array,
): Promise<Answers<readonly Row[]>> {
  const ask = async (view: string, moments: readonly (string | null)[] = []): Promise<Table> => {
    const { columns, rows } = await views.query(`from reports.${view}`, moments);
    return { columns: columns.map((column) => column.name), rows };
  };
  // Written out, a constant lets DuckDB leave out what only the other anchor needs.
  const inside = `($1::timestamptz, $2::timestamptz, '${window.anchor}')`;
  const moments = [iso(window.since), iso(window.until)];
  const earlier = iso(before?.since ?? null);
  const tables: Answers<Table> = {
    figures: await ask(`figures${inside}`, moments),
    figures_before: before === null ? noRows : await ask(`figures${inside}`, [iso(before.since), iso(before.until)]),
    friction: await ask(`friction_summary($1::timestamptz, $2::timestamptz, $3::timestamptz, '${window.anchor}')`, [
      ...moments,
      earlier,
    ]),
    retry_loops: await ask(`longest_loops${inside}`, moments),
    slow_commands: await ask(`slow_commands${inside}`, moments),
    projects: await ask(`top_projects${inside}`, moments),
    coverage: await ask('coverage'),
    unknown_record_types: await ask('unknown_types'),
  };
  return await readable(tables, redactionKey);
}

const noRows: Table = { columns: [], rows: [] };

/** All texts go through redaction together, so that a secret found in one row is hidden in all. */
async function readable(tables: Answers<Table>, redactionKey: Uint8Array): Promise<Answers<readonly Row[]>> {
  const shown = await quoted(Object.values(tables).flatMap(quotables), redactionKey);
  const rows = ({ columns, rows }: Table): readonly Row[] =>
    rows.map((row) =>
      rowOf(
        columns,
        row.map((cell, index) =>
          typeof cell === 'string' ? shown({ text: cell, kind: kindOf(columns[index]) }) : cell,
        ),
      ),
    );
  return {
    figures: rows(tables.figures),
    figures_before: rows(tables.figures_before),
    friction: rows(tables.friction),
    retry_loops: rows(tables.retry_loops),
    slow_commands: rows(tables.slow_commands),
    projects: rows(tables.projects),
    coverage: rows(tables.coverage),
    unknown_record_types: rows(tables.unknown_record_types),
  };
}

function quotables({ columns, rows }: Table): readonly Quotable[] {
  return rows.flatMap((row) =>
    row.flatMap((cell, index) => (typeof cell === 'string' ? [{ text: cell, kind: kindOf(columns[index]) }] : [])),
  );
}

/** Remedies are our own sentences. */
function kindOf(column: string | undefined): Quotable['kind'] {
  return column === 'remedy' ? 'sentence' : 'quote';
}
