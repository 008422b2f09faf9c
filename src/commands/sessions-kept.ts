import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../core/json.ts';
import { rowObjects } from './format.ts';

export interface SessionPage {
  /** Sessions that match. */
  readonly total: number;
  readonly rows: readonly JsonObject[];
}

/** The first sessions of an order, from the list of all that `askSessions` keeps. */
export function pageOf(kept: JsonObject, sort: string, limit: number): SessionPage {
  const list = (value: Json | undefined): readonly Json[] => asArray(value ?? null) ?? [];
  const all = list(kept['rows']);
  const columns = list(kept['columns']).map((name) => asText(name) ?? '');
  const places = list(asObject(kept['orders'] ?? null)?.[sort]).slice(0, limit);
  const rows = places.map((place) => list(all[asNumber(place) ?? 0]));
  return { total: all.length, rows: rowObjects({ columns, rows }) };
}
