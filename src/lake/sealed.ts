import { hash } from 'node:crypto';
import type { Json } from '../core/json.ts';

/** The text of a file of our own below a hash of it: what somebody changed, or a crash cut, is known (security.md T49). */
export function sealed(value: object): string {
  const text = JSON.stringify(value);
  return `${hash('sha256', text, 'hex')}\n${text}`;
}

/** The value as it was sealed; undefined for anything else. */
export function unsealed(content: string): Json | undefined {
  const end = content.indexOf('\n');
  const text = content.slice(end + 1);
  if (end !== 64 || hash('sha256', text, 'hex') !== content.slice(0, end)) return undefined;
  const value: Json = JSON.parse(text);
  return value;
}
