import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { identifier, literal } from '../../../src/lake/duck.ts';
import { duckType, tables, type TableName, type TableSchema } from '../../../src/lake/schema.ts';
import type { TableFiles, ViewSettings } from '../../../src/views/lake.ts';
import { asNumber, asText, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';

export type Given = Readonly<Partial<Record<TableName, readonly JsonObject[]>>>;

export function readRows(path: string): readonly JsonObject[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const row: Json = JSON.parse(line);
      if (!isObject(row)) throw new TypeError(`Expected ${path} to hold one object a line, got ${line.slice(0, 60)}`);
      return row;
    });
}

/** Writes the given rows as Parquet files into `directory` and says where they lie. */
export async function writeLake(directory: string, given: Given): Promise<TableFiles> {
  mkdirSync(directory, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("set TimeZone = 'UTC'");
    const write = async (table: TableSchema, rows: readonly JsonObject[] | undefined): Promise<readonly string[]> => {
      if (rows === undefined || rows.length === 0) return [];
      refuseUnknownColumns(table, rows);
      const jsonl = `${directory}/${table.name}.jsonl`;
      writeFileSync(jsonl, rows.map((row) => JSON.stringify(row)).join('\n'));
      const columns = table.columns.map((column) => `${identifier(column.name)}: ${literal(duckType(column.type))}`);
      const file = `${directory}/${table.name}.parquet`;
      await connection.run(
        `copy (from read_json(${literal(jsonl)}, format = 'newline_delimited', columns = {${columns.join(', ')}})) ` +
          `to ${literal(file)} (format parquet)`,
      );
      return [file];
    };
    return {
      events: await write(tables.events, given.events?.map(withEventId)),
      sources: await write(tables.sources, given.sources),
      quarantine: await write(tables.quarantine, given.quarantine),
      verdicts: await write(tables.verdicts, given.verdicts),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

export const testSettings: ViewSettings = {
  gapS: 600,
  zone: 'UTC',
  sinceMicros: null,
  untilMicros: null,
  anchor: 'activity',
  slowCommandS: 60,
  fixAnchor: 'session',
  seeds: [],
};

/** `given/settings.json` has the names of `staging.settings`. */
export function readSettings(row: JsonObject): ViewSettings {
  return {
    gapS: asNumber(row['gap_s']) ?? testSettings.gapS,
    zone: asText(row['zone']) ?? testSettings.zone,
    sinceMicros: micros(row['since']),
    untilMicros: micros(row['until']),
    anchor: row['anchor'] === 'start' ? 'start' : 'activity',
    slowCommandS: asNumber(row['slow_command_s']) ?? testSettings.slowCommandS,
    fixAnchor: row['fix_anchor'] === 'event' ? 'event' : 'session',
    seeds: [],
  };
}

function micros(value: Json | undefined): number | null {
  const text = asText(value);
  return text === null ? null : Date.parse(text) * 1000;
}

function withEventId(row: JsonObject, index: number): JsonObject {
  return { event_id: `event-${String(index + 1)}`, ...row };
}

function refuseUnknownColumns(table: TableSchema, rows: readonly JsonObject[]): void {
  const known = new Set(table.columns.map((column) => column.name));
  for (const name of rows.flatMap((row) => Object.keys(row))) {
    if (!known.has(name)) throw new TypeError(`The table ${table.name} has no column "${name}"`);
  }
}
