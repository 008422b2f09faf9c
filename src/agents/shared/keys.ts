import { hash } from 'node:crypto';
import { isObject, type Json } from '../../core/json.ts';

/** 32 hex characters that stand for a text in an event's key. */
export function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** JSON text in which the order of keys makes no difference. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

/** Tells equal keys of one source apart: the second `key` becomes `key:2`. A copy of the source counts the same way. */
export class Occurrences {
  readonly #seen = new Map<string, number>();

  next(key: string): string {
    const count = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, count);
    return count === 1 ? key : `${key}:${count}`;
  }
}
