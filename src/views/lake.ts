import { parquet, identifier, literal } from '../lake/duck.ts';
import { layers, schemaOf } from './contract.ts';
import type { Seed } from './seeds.ts';
import { allColumns } from '../lake/evolution.ts';
import { duckType, tables, type TableName, type TableSchema } from '../lake/schema.ts';

/** Absolute paths of the Parquet files of one version of each table, as the log names them; a list may be empty. */
export interface TableFiles {
  readonly events: readonly string[];
  readonly sources: readonly string[];
  readonly quarantine: readonly string[];
  /** Default: none. */
  readonly verdicts?: readonly string[];
  /** Columns that the files of a table lack, because an older version of the program wrote them. */
  readonly lacking?: Partial<Readonly<Record<TableName, ReadonlySet<string>>>>;
}

/** The statements that make schema `lake`: one view a table, over exactly these files; of `events` only rows for which `only` holds. */
export function createLake(files: TableFiles, only?: string): string {
  return [
    'create schema lake;',
    lakeView(tables.events, files.events, files.lacking?.events, only),
    lakeView(tables.sources, files.sources, files.lacking?.sources),
    lakeView(tables.quarantine, files.quarantine, files.lacking?.quarantine),
    lakeView(tables.verdicts, files.verdicts ?? [], files.lacking?.verdicts),
    'create view events as from lake.events;',
  ].join('\n');
}

function lakeView(
  table: TableSchema,
  files: readonly string[],
  lacking: ReadonlySet<string> = new Set(),
  only?: string,
): string {
  const rows = files.length === 0 ? noRows(table) : rowsOf(table, files, lacking);
  const select = only === undefined || files.length === 0 ? rows : `${rows} where ${only}`;
  return `create view lake.${table.name} as ${select};`;
}

function rowsOf(table: TableSchema, files: readonly string[], lacking: ReadonlySet<string>): string {
  const columns = allColumns(table, lacking, 'f');
  return `select ${columns} from ${parquet(files)} f`;
}

function noRows(table: TableSchema): string {
  const columns = table.columns.map((column) => `null::${duckType(column.type)} as ${identifier(column.name)}`);
  return `select ${columns.join(', ')} where false`;
}

export function createSchemas(): readonly string[] {
  return [...layers.map(schemaOf), 'seeds'].filter((name) => name !== 'main').map((name) => `create schema ${name};`);
}

/** The statements that hand the settings to SQL; `sql/macros/settings.sql` gives them their names. */
export function createSettings(settings: ViewSettings): string {
  const moment = (micros: number | null): string => (micros === null ? 'null' : `make_timestamptz(${String(micros)})`);
  return [
    `set variable gap_s = ${String(settings.gapS)};`,
    `set variable zone = ${literal(settings.zone)};`,
    `set variable since = ${moment(settings.sinceMicros)};`,
    `set variable until = ${moment(settings.untilMicros)};`,
    `set variable anchor = ${literal(settings.anchor)};`,
    `set variable fix_anchor = ${literal(settings.fixAnchor)};`,
    `set variable slow_command_s = ${String(settings.slowCommandS)};`,
  ].join('\n');
}

export interface ViewSettings {
  /** A pause longer than this many seconds is a gap. */
  readonly gapS: number;
  /** The IANA zone in which days are cut. */
  readonly zone: string;
  /** The window: `since` belongs to it, `until` does not, null is no bound. */
  readonly sinceMicros: number | null;
  readonly untilMicros: number | null;
  readonly anchor: 'activity' | 'start';
  /** Whether a fix counts for the sessions that began after it, or for every event after it. */
  readonly fixAnchor: 'session' | 'event';
  /** Seeds of the person's own, in place of the package's: the register of fixes, rules of friction. */
  readonly seeds: readonly Seed[];
  /** A command that runs at least this many seconds is slow. */
  readonly slowCommandS: number;
}
