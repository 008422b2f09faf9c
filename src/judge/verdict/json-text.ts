import { isObject, type Json, type JsonObject } from '../../core/json.ts';

/** Longer answers are no answers of ours. */
const MOST_CHARACTERS = 500_000;
/** Objects that are begun but never end, or that are no JSON; each costs a look at the whole rest. */
const MOST_FAILURES = 200;

/** The JSON object that a text is, else the last complete one in it; null for none. */
export function parsedAnswer(text: string): JsonObject | null {
  if (text.length > MOST_CHARACTERS) return null;
  return parsedObject(text) ?? lastObject(text);
}

function lastObject(text: string): JsonObject | null {
  let found: JsonObject | null = null;
  let failures = 0;
  let start = text.indexOf('{');
  while (start !== -1 && failures < MOST_FAILURES) {
    const end = endOfObject(text, start);
    const object = end === null ? null : parsedObject(text.slice(start, end));
    if (object === null) failures += 1;
    else found = object;
    start = text.indexOf('{', object === null || end === null ? start + 1 : end);
  }
  return found;
}

/** Where the object that begins at `start` ends, exclusive; brackets in strings do not count. */
function endOfObject(text: string, start: number): number | null {
  const token = /["{}]|\\./gs;
  token.lastIndex = start;
  let depth = 0;
  let inString = false;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '"') inString = !inString;
    else if (!inString && match[0] === '{') depth += 1;
    else if (!inString && match[0] === '}') depth -= 1;
    if (depth === 0) return token.lastIndex;
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
