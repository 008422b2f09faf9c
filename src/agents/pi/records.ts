import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { readMoment } from '../shared/moments.ts';

/** Whether the first records of a file whose path says nothing are pi's: its session line first, and nothing of a relative. */
export function recognisePiRecords(records: readonly SourceRecord[]): boolean {
  const objects = records.map((record) => record.value).filter(isObject);
  const [first, ...rest] = objects;
  return first !== undefined && isSessionLine(first) && rest.every((value) => isEntry(value) && !isOfRelative(value));
}

const versions = new Set<Json | undefined>([undefined, 1, 2, 3]);

function isSessionLine(value: JsonObject): boolean {
  const { type, id, timestamp, cwd, version } = value;
  if (type !== 'session' || asText(id) === null || asText(cwd) === null) return false;
  return versions.has(version) && typeof timestamp === 'string' && readMoment(timestamp) !== null;
}

/** Every line but the first is an entry with its own time; DeepSeek harness writes `seq` and `time` instead. */
function isEntry(value: JsonObject): boolean {
  return asText(value['type']) !== null && typeof value['timestamp'] === 'string';
}

/** Lines that only omp writes. */
const foreignTypes = new Set([
  'title',
  'title_change',
  'session_init',
  'mode_change',
  'model_usage',
  'service_tier_change',
  'ttsr_injection',
  'credential_pin',
  'reset_boundary',
  'archive',
]);

/** What omp and OpenClaw write into lines of the same types. */
function isOfRelative(value: JsonObject): boolean {
  const { type, customType, message } = value;
  if (foreignTypes.has(asText(type) ?? '')) return true;
  if (type === 'model_change' && typeof value['model'] === 'string') return true;
  if (typeof customType === 'string' && /^(?:openclaw\b|model-snapshot$)/.test(customType)) return true;
  if (!isObject(message)) return type === 'message';
  if (message['provider'] === 'openclaw' || message['toolCalls'] !== undefined) return true;
  return ['attribution', 'contextSnapshot', 'providerPayload'].some((field) => message[field] !== undefined);
}
