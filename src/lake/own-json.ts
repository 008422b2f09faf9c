import { readFile } from 'node:fs/promises';
import { errnoOf, SeshError } from '../core/errors.ts';
import { asObject, type Json, type JsonObject } from '../core/json.ts';
import { parseJson } from './log/actions.ts';

/** The object in a file of the store; null when there is no file. Anything else is an error that says what to do (security.md T49). */
export async function readOwnJson(
  path: string,
  hint: string,
  parse: (text: string) => Json | undefined = parseJson,
): Promise<JsonObject | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  const object = asObject(parse(text));
  if (object === null) throw new SeshError(`${path} is damaged.`, { hint });
  return object;
}
