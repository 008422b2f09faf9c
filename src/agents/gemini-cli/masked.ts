import { asArray, isObject, type Json, type JsonObject } from '../../core/json.ts';

/** Old tool output is cut out of the history to save context; the exit code may go with it. */
const MASK = '<tool_output_masked>';

/** The next version of a message, with the results of the version before where the next one only has masks. */
export function keepUnmasked(next: JsonObject, before: JsonObject): JsonObject {
  const calls = asArray(next['toolCalls']);
  if (calls === null || !calls.some(isMasked)) return next;
  const known = asArray(before['toolCalls']) ?? [];
  return { ...next, toolCalls: calls.map((call) => unmasked(call, known)) };
}

function unmasked(call: Json, known: readonly Json[]): Json {
  if (!isObject(call) || !isMasked(call)) return call;
  const full = known.find((other) => isObject(other) && other['id'] === call['id'] && !isMasked(other));
  return isObject(full) && full['result'] !== undefined ? { ...call, result: full['result'] } : call;
}

function isMasked(call: Json): boolean {
  const result = isObject(call) ? asArray(call['result']) : null;
  return result !== null && result.some(isMaskedPart);
}

function isMaskedPart(part: Json): boolean {
  const answer = isObject(part) ? part['functionResponse'] : undefined;
  const response = isObject(answer) ? answer['response'] : undefined;
  if (!isObject(response)) return false;
  return Object.values(response).some((text) => typeof text === 'string' && text.startsWith(MASK));
}
