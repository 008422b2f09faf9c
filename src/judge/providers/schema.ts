import { isObject, type Json, type JsonObject } from '../../core/json.ts';

/** Bounds that services refuse or ignore in a schema; the code checks answers against them in any case. */
const bounds = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
  'format',
  '$schema',
]);

/** Keywords whose members are named by the answer, not by JSON Schema. */
const named = new Set(['properties', '$defs', 'definitions']);

/** The schema without bounds: what is left of it every service takes. */
export function plainSchema(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).filter(([keyword]) => !bounds.has(keyword));
  return Object.fromEntries(entries.map(([keyword, value]) => [keyword, plainMember(keyword, value)]));
}

function plainMember(keyword: string, value: Json | undefined): Json {
  if (named.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
  }
  return keyword === 'enum' || keyword === 'const' ? (value ?? null) : plainValue(value);
}

function plainValue(value: Json | undefined): Json {
  if (isObject(value)) return plainSchema(value);
  return Array.isArray(value) ? value.map((item: Json) => plainValue(item)) : (value ?? null);
}

const CANARY = 'canary';

/** The schema with one more required text: the canary. */
export function withCanary(schema: JsonObject): JsonObject {
  const { properties, required } = schema;
  if (!isObject(properties)) return schema;
  return {
    ...schema,
    properties: { ...properties, [CANARY]: { type: 'string' } },
    required: [...(Array.isArray(required) ? required : []), CANARY],
  };
}

/** The answer without its canary; `given` is null when it has none, or is no JSON. */
export function withoutCanary(text: string): { readonly text: string; readonly given: string | null } {
  const found = lastObject(text);
  if (found === null || !(CANARY in found)) return { text, given: null };
  const { [CANARY]: given, ...rest } = found;
  return { text: JSON.stringify(rest), given: typeof given === 'string' ? given : null };
}

/** More beginnings than words and fences before an answer have; each costs a look at the whole rest. */
const MOST_TRIES = 50;

/** The largest JSON object that ends where the text's last one does; there may be words or fences around it. */
function lastObject(text: string): JsonObject | null {
  const end = text.lastIndexOf('}');
  let start = text.indexOf('{');
  for (let tries = 0; tries < MOST_TRIES && start !== -1 && start < end; tries += 1) {
    const json = parsedObject(text.slice(start, end + 1));
    if (json !== null) return json;
    start = text.indexOf('{', start + 1);
  }
  return null;
}

function parsedObject(text: string): JsonObject | null {
  try {
    const json: Json = JSON.parse(text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}
