import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { ownMoment } from './locate.ts';
import type { Header } from './source.ts';

/** A file without its session line: every entry is taken as its own. */
export const noHeader: Header = { id: null, cwd: null, copiedBefore: null, idsInvented: false, model: null };

/** What the session line says; null for any other record. */
export function headerOf(value: Json): Header | null {
  if (!isObject(value) || value['type'] !== 'session') return null;
  return {
    id: asText(value['id']),
    cwd: asText(value['cwd']),
    copiedBefore: originOf(value) === null ? null : ownMoment(value, []),
    // Only version 1 names a model in the session line, and the line keeps it when the file is rewritten.
    idsInvented: value['version'] === undefined || value['modelId'] !== undefined,
    model: asText(value['modelId']),
  };
}

/** The file that a fork or a continuation comes from, as written. */
export function originOf(value: JsonObject): string | null {
  return asText(value['parentSession']) ?? asText(value['branchedFrom']);
}
