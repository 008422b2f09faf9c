import type { EventFlag } from '../../core/event.ts';
import { asNumber, isObject, type Json, type JsonObject } from '../../core/json.ts';

/** The flags of one record, shared by all its events: a field of a wrong type is skipped and said here. */
export type Flags = EventFlag[];

type Field = Json | undefined;

/** A non-empty string. */
export function textField(flags: Flags, value: Field): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return missing(flags, value);
}

/** A finite number, also when it is written as a decimal string. */
export function numberField(flags: Flags, value: Field): number | null {
  return asNumber(value) ?? missing(flags, value);
}

/** A whole number from 0. */
export function countField(flags: Flags, value: Field): number | null {
  const number = asNumber(value);
  return number !== null && number >= 0 && Number.isSafeInteger(number) ? number : missing(flags, value);
}

/** Milliseconds as seconds. */
export function secondsField(flags: Flags, value: Field): number | null {
  const milliseconds = numberField(flags, value);
  return milliseconds === null ? null : milliseconds / 1000;
}

export function objectField(flags: Flags, value: Field): JsonObject | null {
  return isObject(value) ? value : missing(flags, value);
}

export function flagOnce(flags: Flags, flag: EventFlag): void {
  if (!flags.includes(flag)) flags.push(flag);
}

function missing(flags: Flags, value: Field): null {
  if (value !== undefined && value !== null && value !== '') flagOnce(flags, 'wrong_type');
  return null;
}
