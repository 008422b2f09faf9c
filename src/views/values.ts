import type {
  DuckDBTimestampTZValue as ZonedTimestamp,
  DuckDBTimestampValue as Timestamp,
  DuckDBValue,
} from '@duckdb/node-api';
import type { Json } from '../core/json.ts';
import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '../lake/duck.ts';

/**
 * A DuckDB value as JSON: whole and decimal numbers as numbers (as text beyond 2^53), times as ISO 8601 in UTC with
 * milliseconds or microseconds, dates as YYYY-MM-DD, lists as arrays, structs as objects, bytes as hex.
 */
export function toJson(value: DuckDBValue): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : String(value);
  if (value instanceof DuckDBDecimalValue) return isSafe(value.value) ? value.toDouble() : value.toString();
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) return isoMicros(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(toJson);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, toJson(entry)]));
  }
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: toJson(entry.key), value: toJson(entry.value) }));
  }
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof DuckDBDateValue) return value.toString();
  return value.toString();
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** The range of a JavaScript Date; DuckDB's own text serves beyond it and for its infinities. */
const MAX_DATE_MS = 8_640_000_000_000_000n;

function isoMicros(value: ZonedTimestamp | Timestamp): string {
  const micros = value.micros;
  const remainder = ((micros % 1000n) + 1000n) % 1000n;
  const ms = (micros - remainder) / 1000n;
  if (ms > MAX_DATE_MS || ms < -MAX_DATE_MS) return value.toString();
  const iso = new Date(Number(ms)).toISOString();
  return remainder === 0n ? iso : `${iso.slice(0, -1)}${String(remainder).padStart(3, '0')}Z`;
}
