import { UsageError } from './errors.ts';
import type { Micros } from './event.ts';

const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MS = 1000;
const DAY_MS = 86_400_000;

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A century: longer durations are typing mistakes, and microseconds stay safe integers. */
const LONGEST_DURATION_S = 36_525 * 86_400;

const durationExamples = 'a duration such as 14d or 36h';
const momentGrammar = `${durationExamples}, a date such as 2026-02-09, an instant such as 2026-02-09T15:00Z, yesterday, or all`;

/** Seconds of `90s`, `30m`, `2h`, `14d` or `2w`. Throws a UsageError that names `option`. */
export function parseDuration(text: string, option = 'the value'): number {
  const seconds = durationSeconds(text);
  if (seconds === null) throw new UsageError(`Expected ${option} to be ${durationExamples}, got "${text}".`);
  return seconds;
}

/**
 * A moment in microseconds; null for `all`. A duration counts back from `now`; dates, and instants without an
 * offset, are read in `zone`. Throws a UsageError that shows the grammar.
 */
export function parseMoment(text: string, now: Micros, zone: string, option = '--since'): Micros | null {
  if (text === 'all') return null;
  const moment = namedMoment(text, now, zone) ?? durationBefore(text, now) ?? isoMoment(text, zone);
  if (moment === null) throw new UsageError(`Expected ${option} to be ${momentGrammar}; got "${text}".`);
  return moment;
}

/** Whether the text is a duration, and so depends on what it is counted from. */
export function isDuration(text: string): boolean {
  return durationSeconds(text) !== null;
}

/** The zone's name when the machine knows it, else a UsageError. */
export function checkedZone(zone: string, option: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`Expected ${option} to be a time zone such as Europe/Berlin or UTC, got "${zone}".`);
  }
}

/** Midnight (or the first moment after a midnight that a clock change skips) of the day, `days` later. */
export function startOfDay(moment: Micros, zone: string, days = 0): Micros {
  const { year, month, day } = wallClock(moment / MICROS_PER_MS, zone);
  return wallClockToMs(Date.UTC(year, month - 1, day + days), zone) * MICROS_PER_MS;
}

/** `2026-02-09`. */
export function formatDay(moment: Micros, zone: string): string {
  const { year, month, day } = wallClock(moment / MICROS_PER_MS, zone);
  return `${year}-${two(month)}-${two(day)}`;
}

/** `15:18:50`. */
export function formatClock(moment: Micros, zone: string): string {
  const { hour, minute, second } = wallClock(moment / MICROS_PER_MS, zone);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
}

/** `2026-02-09 15:18`. */
export function formatInstant(moment: Micros, zone: string): string {
  return `${formatDay(moment, zone)} ${formatClock(moment, zone).slice(0, 5)}`;
}

/** `45 s`, `4 min 36 s`, `2 h 05 min`, `3 d 23 h`; tenths below ten seconds. */
export function formatDuration(seconds: number): string {
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 10) return `${tenths} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

function durationSeconds(text: string): number | null {
  const match = /^(\d{1,10})([smhdw])$/.exec(text);
  if (match === null) return null;
  const seconds = Number(match[1]) * (secondsPerUnit[match[2] ?? ''] ?? Number.NaN);
  return seconds <= LONGEST_DURATION_S ? seconds : null;
}

function durationBefore(text: string, now: Micros): Micros | null {
  const seconds = durationSeconds(text);
  return seconds === null ? null : now - seconds * MICROS_PER_SECOND;
}

function namedMoment(text: string, now: Micros, zone: string): Micros | null {
  if (text === 'now') return now;
  if (text === 'today') return startOfDay(now, zone);
  if (text === 'yesterday') return startOfDay(now, zone, -1);
  return null;
}

const isoPattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/** A date or an instant in ISO form, else null; without an offset it is read in `zone`. */
export function isoMoment(text: string, zone: string): Micros | null {
  const match = isoPattern.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  if (year < 1970 || year > 2200 || !sameFields(wallMs, [year, month, day, hour, minute, second])) return null;
  const offset = offsetMs(match[8]);
  if (offset === null) return null;
  const ms = offset === undefined ? wallClockToMs(wallMs, zone) : wallMs - offset;
  return ms * MICROS_PER_MS + Number((match[7] ?? '').padEnd(6, '0').slice(0, 6));
}

/** Date.UTC carries 2026-02-30 over into March; a date that does not exist must be refused. */
function sameFields(ms: number, fields: readonly number[]): boolean {
  const date = new Date(ms);
  const read = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return read.every((value, index) => value === fields[index]);
}

/** Undefined when the text has no offset, null when it has an impossible one. */
function offsetMs(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', ''));
  if (hours > 18 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}

/** Asking a zone for a moment's clock takes long, so it is asked at both ends of a slot, once. No clock is changed twice in one. */
const SLOT_MS = 900_000;
/** Of each zone and slot the offset that holds from its first to its last moment; null where the clocks are changed in it. */
const slotOffsets = new Map<string, Map<number, number | null>>();

function wallClock(ms: number, zone: string): WallClock {
  const offset = ms < 0 ? null : slotOffset(Math.floor(ms / SLOT_MS), zone);
  return offset === null ? zoneClock(ms, zone) : utcClock(Math.floor(ms + offset));
}

function slotOffset(slot: number, zone: string): number | null {
  const offsets = slotOffsets.get(zone) ?? new Map<number, number | null>();
  slotOffsets.set(zone, offsets);
  const known = offsets.get(slot);
  if (known !== undefined) return known;
  const [first, last] = [slot * SLOT_MS, (slot + 1) * SLOT_MS].map((ms) => msOf(zoneClock(ms, zone)) - ms);
  const offset = first === last && first !== undefined ? first : null;
  offsets.set(slot, offset);
  return offset;
}

function utcClock(ms: number): WallClock {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function zoneClock(ms: number, zone: string): WallClock {
  const fields = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatterOf(zone).formatToParts(Math.floor(ms))) {
    if (type === 'year' || type === 'month' || type === 'day') fields[type] = Number(value);
    if (type === 'hour' || type === 'minute' || type === 'second') fields[type] = Number(value);
  }
  return fields;
}

function msOf(clock: WallClock): number {
  return Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute, clock.second);
}

function offsetAt(ms: number, zone: string): number {
  return msOf(wallClock(ms, zone)) - Math.floor(ms / 1000) * 1000;
}

/**
 * The moment at which the zone's clocks show `wallMs` (a wall clock written as if it were UTC). Shown twice: the
 * first. Never shown: as much after the clock change as it lies behind the skipped hour's start.
 */
function wallClockToMs(wallMs: number, zone: string): number {
  const before = offsetAt(wallMs - DAY_MS, zone);
  const after = offsetAt(wallMs + DAY_MS, zone);
  const shown = [before, after].map((offset) => wallMs - offset).filter((ms) => ms + offsetAt(ms, zone) === wallMs);
  return shown.length === 0 ? wallMs - before : Math.min(...shown);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
