import type { Micros } from '../../core/event.ts';
import { isoMoment } from '../../core/time.ts';
import { flagOnce, type Flags } from './fields.ts';

const DASH = 45;
const COLON = 58;
const DIGIT_0 = 48;

const offset = /(?:Z|[+-]\d\d(?::?\d\d)?)$/;
const leapSecond = /^(.{16}):60/;

/**
 * Microseconds of an ISO time, else null; UTC when it names no offset, which is flagged. A comma may stand before the fraction, and a
 * leap second is the second after it, as on every clock that has none.
 */
export function readMoment(text: string, flags: Flags = []): Micros | null {
  const usual = agentMoment(text);
  if (usual !== null) return usual;
  const isLeap = leapSecond.test(text);
  const moment = isoMoment(text.replace(leapSecond, '$1:59').replace(',', '.'), 'UTC');
  if (moment === null) return null;
  if (!offset.test(text.slice(10))) flagOnce(flags, 'assumed_zone');
  return isLeap ? moment + 1_000_000 : moment;
}

/** The one form that the agent writes, `2026-05-04T09:00:00.120Z`, without the cost of a general parser. */
function agentMoment(text: string): Micros | null {
  if (text.length !== 24 || text.charAt(10) !== 'T' || text.charAt(19) !== '.' || text.charAt(23) !== 'Z') return null;
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return null;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const millisecond = digits(text, 20, 3);
  if (!(year >= 1970 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return null;
  if (!(hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999)) return null;
  const days = Date.UTC(year, month - 1, day);
  return (days + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond) * 1000;
}

/** The number in the text, NaN when a character is no digit. */
function digits(text: string, start: number, length: number): number {
  let number = 0;
  for (let index = start; index < start + length; index += 1) {
    const digit = text.charCodeAt(index) - DIGIT_0;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
