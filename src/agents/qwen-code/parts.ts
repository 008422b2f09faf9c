import { asArray, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { flagOnce, objectField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** The parts of a line's message; a part that is a bare text counts as one with that text. */
export function partsOf(place: Place, value: JsonObject): readonly Json[] {
  const message = objectField(place.flags, value['message']);
  const written = message === null ? undefined : message['parts'];
  const parts = asArray(written);
  if (parts === null && written !== undefined && written !== null) flagOnce(place.flags, 'wrong_type');
  return (parts ?? []).map((part) => (typeof part === 'string' ? { text: part } : part));
}

/** The words of all parts but thoughts. */
export function wordsOf(parts: readonly Json[]): string {
  return parts.map((part) => (isObject(part) && part['thought'] !== true ? (asText(part['text']) ?? '') : '')).join('');
}

export function hasFile(parts: readonly Json[]): boolean {
  return parts.some((part) => isObject(part) && (part['inlineData'] !== undefined || part['fileData'] !== undefined));
}
