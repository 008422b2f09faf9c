import type { Micros } from '../../../core/event.ts';
import { asArray, asNumber, isObject, type Json, type JsonObject } from '../../../core/json.ts';
import { flagOnce, type Flags } from '../fields.ts';

const END_OF_TIME_MS = Date.UTC(2200, 0, 1);

/** Many messages hold JSON as text. Null when it is none, or no object. */
export function parsedText(message: JsonObject): JsonObject | null {
  const { text } = message;
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return null;
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Milliseconds since 1970. */
export function momentField(flags: Flags, value: Json | undefined): Micros | null {
  if (value === undefined || value === null) return null;
  const milliseconds = asNumber(value);
  if (milliseconds !== null && milliseconds > 0 && milliseconds < END_OF_TIME_MS)
    return Math.round(milliseconds * 1000);
  flagOnce(flags, 'wrong_type');
  return null;
}

/** What a person gave: the words, and a mark for each picture. */
export function wordsOf(message: JsonObject, text: string | null): string {
  const images = asArray(message['images'])?.map(() => '[image]') ?? [];
  return [text ?? '', ...images].filter((part) => part !== '').join('\n');
}
