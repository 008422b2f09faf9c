import { asText, isObject, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';

/** Whether the first records of a file whose path says nothing are Droid's: a session's lines, or the settings beside it. */
export function recogniseDroidRecords(records: readonly SourceRecord[]): boolean {
  const [first, ...rest] = records.map((record) => record.value).filter(isObject);
  if (first === undefined) return false;
  if (rest.length === 0 && isSettings(first)) return true;
  return first['type'] === 'session_start' && asText(first['id']) !== null && rest.every(hasOwnType);
}

const ownTypes = new Set(['session_start', 'message', 'todo_state', 'compaction_state', 'session_settings']);

/** A line of a type that nobody has seen yet says nothing against a file; a message without a role does. */
function hasOwnType(value: JsonObject): boolean {
  const type = asText(value['type']);
  if (type === 'message') return isObject(value['message']) && asText(value['message']['role']) !== null;
  return type !== null && (ownTypes.has(type) || /^[a-z]+(?:_[a-z]+)+$/.test(type));
}

const settingsFields = [
  'providerLock',
  'providerLockTimestamp',
  'assistantActiveTimeMs',
  'autonomyMode',
  'autonomyLevel',
];
const counters = ['inputTokens', 'outputTokens', 'cacheCreationTokens', 'cacheReadTokens', 'thinkingTokens'];

/** The settings of a session: its token counts by Droid's names, and at least one of Droid's own fields. */
function isSettings(value: JsonObject): boolean {
  const usage = value['tokenUsage'];
  if (value['type'] !== undefined || !isObject(usage)) return false;
  const counted = counters.filter((name) => usage[name] !== undefined).length;
  return counted >= 2 && settingsFields.some((name) => value[name] !== undefined);
}
