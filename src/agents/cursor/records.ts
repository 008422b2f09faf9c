import { isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';

/** Whether the first records of a file whose path says nothing are Cursor's: a role and a message, and nothing else beside them. */
export function recogniseCursorRecords(records: readonly SourceRecord[]): boolean {
  const objects = records.map((record) => record.value).filter(isObject);
  return objects.some(isSpoken) && objects.every((value) => isSpoken(value) || value['type'] === 'turn_ended');
}

function isSpoken(value: JsonObject): boolean {
  const { role, message, ...rest } = value;
  if ((role !== 'user' && role !== 'assistant') || Object.keys(rest).length > 0) return false;
  return isObject(message) && Array.isArray(message['content']) && Object.keys(message).length === 1;
}
