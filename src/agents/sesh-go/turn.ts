import { asObject, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';

/** One turn with the parts that decide what it is; `value` is as written. */
export interface Turn {
  readonly value: Json;
  readonly role: string | null;
  readonly text: string;
  readonly calls: readonly Json[];
  readonly results: readonly Json[];
}

export function readTurn(value: Json): Turn {
  const fields = asObject(value);
  return {
    value,
    role: asText(fields?.['role']),
    text: asText(fields?.['text']) ?? '',
    calls: listOf(fields, 'calls'),
    results: listOf(fields, 'results'),
  };
}

function listOf(fields: JsonObject | null, name: string): readonly Json[] {
  const list = fields?.[name];
  return Array.isArray(list) ? list : [];
}

/** Keys of calls and results are capitalised (formats.md 5); an empty id is none. */
export function idOf(entry: Json | undefined): string | null {
  return isObject(entry) ? asText(entry['ID']) : null;
}
