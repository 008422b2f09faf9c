import { isObject, type Json } from '../../core/json.ts';
import type { SessionEvent } from './event.ts';

/** What a call was given, as lines that can be quoted: the command line, else path and fields without JSON's escapes. */
export function inputText(event: SessionEvent): string {
  if (event.command !== null) return `$ ${event.command}`;
  const name = event.toolName === null ? '' : `tool: ${event.toolName}\n`;
  if (event.input === null) return `${name}${event.filePath ?? ''}`;
  const fields = fieldsOf(event.input);
  return fields === null ? `${name}${event.input}` : `${name}${fields}`;
}

/** Null for what is no object, or is nested deeper than the engine can walk. */
function fieldsOf(input: string): string | null {
  try {
    const json: Json = JSON.parse(input);
    if (!isObject(json)) return null;
    return Object.entries(json)
      .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('\n');
  } catch {
    return null;
  }
}
