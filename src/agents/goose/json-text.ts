import type { Json } from '../../core/json.ts';

/** The value of a column that holds JSON text; undefined when it is none. A value that is no text is taken as it is. */
export function parsed(written: Json | undefined): Json | undefined {
  if (typeof written !== 'string') return written;
  try {
    const value: Json = JSON.parse(written);
    return value;
  } catch {
    return undefined;
  }
}
