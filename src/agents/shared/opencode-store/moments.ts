import type { Micros } from '../../../core/event.ts';
import type { Json } from '../../../core/json.ts';
import { flagOnce, numberField, type Flags } from '../fields.ts';

const START_OF_2023: Micros = Date.UTC(2023, 0, 1) * 1000;
const START_OF_2200_MS = Date.UTC(2200, 0, 1);

/** Microseconds of a time in milliseconds since 1970; null for one that cannot be. */
export function momentOf(flags: Flags, milliseconds: Json | undefined): Micros | null {
  const number = numberField(flags, milliseconds);
  if (number === null) return null;
  if (number <= 0 || number >= START_OF_2200_MS) {
    flagOnce(flags, 'wrong_type');
    return null;
  }
  const moment = Math.round(number * 1000);
  if (moment < START_OF_2023) flagOnce(flags, 'before_2023');
  return moment;
}
