import type { Json } from '../core/json.ts';
import type { Window } from '../core/window.ts';
import type { Views } from '../views/query.ts';
import { rowOf, type Row } from './cells.ts';
import { iso } from './period.ts';
import { quoted, type Quotable } from './quote.ts';

/** One value for each view of schema `reports` that the page prints. */
export interface Answers<Answer> {
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

type Parameters = readonly (string | null)[];

/** Asks the views for a window and the one before it. Every text comes back as a redacted quote. */
export async function askViews(
  views: Views,
  window: Window,
  before: Window | null,
  redactionKey: Uint8Array,
): Promise<Answers<readonly Row[]>> {
  const ask = async (name: string, parameters: Parameters): Promise<Table> => {
    const { columns, rows } = await views.query(`from reports.${name}${call(parameters)}`, parameters);
    return { columns: columns.map((column) => column.name), rows };
  };
  const inside = edges(window);
  const tables: Answers<Table> = {
    figures: await ask('figures', inside),
    figures_before: before === null ? { columns: [], rows: [] } : await ask('figures', edges(before)),
    friction: await ask('friction', [iso(window.since), iso(window.until), iso(before?.since ?? null), window.anchor]),
    retry_loops: await ask('retry_loops', inside),
    slow_commands: await ask('slow_commands', inside),
    projects: await ask('projects', inside),
    coverage: await ask('coverage', []),
    unknown_record_types: await ask('unknown_record_types', []),
  };
  return await readable(tables, redactionKey);
}

function edges({ since, until, anchor }: Window): Parameters {
  return [iso(since), iso(until), anchor];
}

/** All parameters but the last are times; views that look at the whole store have none. */
function call(parameters: Parameters): string {
  if (parameters.length === 0) return '';
  const last = parameters.length - 1;
  return `(${parameters.map((_, index) => (index === last ? `$${index + 1}` : `$${index + 1}::timestamptz`)).join(', ')})`;
}

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
