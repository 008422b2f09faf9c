import { assert, constantFrom, integer, oneof, property, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import {
  checkedZone,
  formatClock,
  formatDay,
  formatDuration,
  formatInstant,
  parseDuration,
  parseMoment,
  startOfDay,
} from '../../src/core/time.ts';

const micros = (iso: string): number => Date.parse(iso) * 1000;
const now = micros('2026-02-11T16:00:00Z');

describe('durations', () => {
  test.each([
    ['90s', 90],
    ['30m', 1800],
    ['2h', 7200],
    ['36h', 129_600],
    ['14d', 1_209_600],
    ['2w', 1_209_600],
    ['0s', 0],
    ['36525d', 3_155_760_000],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  test.each([
    '',
    '14',
    'd',
    '-1d',
    '+1d',
    '1.5h',
    '14 d',
    ' 14d',
    '14d ',
    '14D',
    '1y',
    '1d2h',
    '36526d',
    '99999999999w',
    '１d',
  ])('refuses %j and shows what is expected', (text) => {
    expect(() => parseDuration(text, '--min-active')).toThrow(
      new UsageError(`Expected --min-active to be a duration such as 14d or 36h, got "${text}".`),
    );
  });
});

describe('moments', () => {
  test.each([
    ['48h', 'UTC', '2026-02-09T16:00:00Z'],
    ['14d', 'Asia/Tokyo', '2026-01-28T16:00:00Z'],
    ['2026-02-09', 'UTC', '2026-02-09T00:00:00Z'],
    ['2026-02-09', 'Europe/Berlin', '2026-02-08T23:00:00Z'],
    ['2026-02-09', 'America/New_York', '2026-02-09T05:00:00Z'],
    ['2026-02-09', 'Asia/Kolkata', '2026-02-08T18:30:00Z'],
    ['2026-02-09T15:00', 'Europe/Berlin', '2026-02-09T14:00:00Z'],
    ['2026-02-09 15:00:30', 'Europe/Berlin', '2026-02-09T14:00:30Z'],
    ['2026-02-09T15:00Z', 'Europe/Berlin', '2026-02-09T15:00:00Z'],
    ['2026-02-09T15:00+05:30', 'Europe/Berlin', '2026-02-09T09:30:00Z'],
    ['2026-02-09T15:00:00-0800', 'UTC', '2026-02-09T23:00:00Z'],
    ['2026-02-09T15:00+02', 'UTC', '2026-02-09T13:00:00Z'],
    ['now', 'UTC', '2026-02-11T16:00:00Z'],
    ['today', 'UTC', '2026-02-11T00:00:00Z'],
    // 16:00 UTC is already 01:00 of the next day in Tokyo.
    ['today', 'Asia/Tokyo', '2026-02-11T15:00:00Z'],
    ['yesterday', 'UTC', '2026-02-10T00:00:00Z'],
    ['yesterday', 'Asia/Tokyo', '2026-02-10T15:00:00Z'],
  ])('%s in %s is %s', (text, zone, expected) => expect(parseMoment(text, now, zone)).toBe(micros(expected)));

  test('fractions of a second are kept to the microsecond', () => {
    expect(parseMoment('2026-02-09T15:00:00.1234567Z', now, 'UTC')).toBe(micros('2026-02-09T15:00:00Z') + 123_456);
    expect(parseMoment('2026-02-09T15:00:00.5Z', now, 'UTC')).toBe(micros('2026-02-09T15:00:00Z') + 500_000);
  });

  test('all is no bound', () => expect(parseMoment('all', now, 'UTC')).toBeNull());

  test('a leap day exists only in leap years', () => {
    expect(parseMoment('2028-02-29', now, 'UTC')).toBe(micros('2028-02-29T00:00:00Z'));
    expect(() => parseMoment('2026-02-29', now, 'UTC')).toThrow(UsageError);
  });

  test.each([
    '',
    'tomorrow',
    'Yesterday',
    '2026',
    '2026-02',
    '2026-13-01',
    '2026-02-30',
    '2026-2-9',
    '26-02-09',
    '0026-02-09',
    '1969-12-31',
    '9999-01-01',
    '2026-02-09T24:00',
    '2026-02-09T15:60',
    '2026-02-09T15',
    '2026-02-09T15:00z',
    '2026-02-09T15:00+25:00',
    '2026-02-09T15:00+01:99',
    '2026-02-09Z',
    '14',
    '14 days',
    "2026-02-09'; drop table events",
  ])('refuses %j and shows the grammar', (text) => {
    expect(() => parseMoment(text, now, 'UTC')).toThrow(
      new UsageError(
        `Expected --since to be a duration such as 14d or 36h, a date such as 2026-02-09, an instant such as 2026-02-09T15:00Z, yesterday, or all; got "${text}".`,
      ),
    );
  });
});

describe('clock changes', () => {
  test.each([
    // Berlin: 02:00 -> 03:00 on 2026-03-29, 03:00 -> 02:00 on 2026-10-25.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
    ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00Z'],
    ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
    ['2026-03-29T01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59Z'],
    ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    // New York: 2026-03-08 and 2026-11-01.
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00:00Z'],
    ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00Z'],
    // Lord Howe moves by half an hour.
    ['2026-04-06', 'Australia/Lord_Howe', '2026-04-05T13:30:00Z'],
  ])('%s in %s is %s', (text, zone, expected) => expect(parseMoment(text, now, zone)).toBe(micros(expected)));

  test('a wall clock that is skipped moves on by the length of the skip', () =>
    expect(parseMoment('2026-03-29T02:30', now, 'Europe/Berlin')).toBe(micros('2026-03-29T01:30:00Z')));

  test('a wall clock that is shown twice means the first', () =>
    expect(parseMoment('2026-10-25T02:30', now, 'Europe/Berlin')).toBe(micros('2026-10-25T00:30:00Z')));

  test('a day whose midnight is skipped begins at one', () =>
    expect(parseMoment('2018-11-04', now, 'America/Sao_Paulo')).toBe(micros('2018-11-04T03:00:00Z')));

  test('yesterday is 23 hours long when the clocks went forward', () => {
    const monday = micros('2026-03-30T10:00:00Z');
    const yesterday = startOfDay(monday, 'Europe/Berlin', -1);
    expect(startOfDay(monday, 'Europe/Berlin') - yesterday).toBe(23 * 3600 * 1_000_000);
  });

  test('a duration counts seconds, not wall clocks', () =>
    expect(parseMoment('1d', micros('2026-03-29T10:00:00Z'), 'Europe/Berlin')).toBe(micros('2026-03-28T10:00:00Z')));
});

describe('zones', () => {
  test('a known zone is accepted', () => expect(checkedZone('Europe/Berlin', '--zone')).toBe('Europe/Berlin'));
  test.each(['Mars/Olympus', '', 'Europe/Berlin; drop'])('refuses %j', (zone) =>
    expect(() => checkedZone(zone, '--zone')).toThrow(
      new UsageError(`Expected --zone to be a time zone such as Europe/Berlin or UTC, got "${zone}".`),
    ),
  );
});

describe('written times', () => {
  test('day and clock are what the zone says at that moment, whatever was asked before: beside every change of its clocks too', () => {
    const changes = [1774746000, 1792976400, 63593070, 1301752800, 951782400, 1325203200].map((s) => s * 1000);
    const near = tuple(constantFrom(...changes), integer({ min: -2_000_000, max: 2_000_000 })).map(
      ([change, by]) => change + by,
    );
    const moment = oneof(near, integer({ min: 0, max: 4_102_444_800_000 }));
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Africa/Monrovia',
      'Pacific/Apia',
    ];
    assert(
      property(moment, constantFrom(...zones), (ms, zone) => {
        // Swedish writes a moment as ISO 8601 does.
        const said = new Date(ms).toLocaleString('sv-SE', { timeZone: zone });
        expect(`${formatDay(ms * 1000, zone)} ${formatClock(ms * 1000, zone)}`).toBe(said);
      }),
      { numRuns: 500 },
    );
  });

  test('day, clock and instant are those of the zone', () => {
    const moment = micros('2026-02-09T23:05:07.900Z');
    expect(formatDay(moment, 'Europe/Berlin')).toBe('2026-02-10');
    expect(formatClock(moment, 'Europe/Berlin')).toBe('00:05:07');
    expect(formatInstant(moment, 'Europe/Berlin')).toBe('2026-02-10 00:05');
    expect(formatInstant(moment, 'UTC')).toBe('2026-02-09 23:05');
  });

  test.each([
    [0, '0 s'],
    [0.04, '0 s'],
    [2.34, '2.3 s'],
    [9.96, '10 s'],
    [45, '45 s'],
    [59.6, '1 min 00 s'],
    [276, '4 min 36 s'],
    [3599.4, '59 min 59 s'],
    [3600, '1 h 00 min'],
    [7500, '2 h 05 min'],
    [19_300, '5 h 21 min'],
    [86_399, '23 h 59 min'],
    [342_718, '3 d 23 h'],
  ])('%d seconds are written %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});
