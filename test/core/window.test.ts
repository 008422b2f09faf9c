import { expect, test } from 'vitest';
import { configuredZone, fixedNow } from '../../src/core/configuration.ts';
import { UsageError } from '../../src/core/errors.ts';
import { parseWindow } from '../../src/core/window.ts';

const micros = (iso: string): number => Date.parse(iso) * 1000;
const now = micros('2026-02-11T16:00:00Z');

test('without options the window has no bounds', () =>
  expect(parseWindow({}, now, 'UTC')).toEqual({ since: null, until: null, anchor: 'activity' }));

test('48 hours until a moment begin 48 hours before it, whatever the clock says', () =>
  expect(parseWindow({ since: '48h', until: '2026-02-11T16:00Z' }, micros('2026-11-01T00:00:00Z'), 'UTC')).toEqual({
    since: micros('2026-02-09T16:00:00Z'),
    until: micros('2026-02-11T16:00:00Z'),
    anchor: 'activity',
  }));

test('a duration counts back from now when there is no end', () =>
  expect(parseWindow({ since: '48h', anchor: 'start' }, now, 'UTC')).toEqual({
    since: micros('2026-02-09T16:00:00Z'),
    until: null,
    anchor: 'start',
  }));

test('the end may itself be a duration before now', () =>
  expect(parseWindow({ since: '1d', until: '1d' }, now, 'UTC')).toEqual({
    since: micros('2026-02-09T16:00:00Z'),
    until: micros('2026-02-10T16:00:00Z'),
    anchor: 'activity',
  }));

test('yesterday until today is the whole day of the zone', () =>
  expect(parseWindow({ since: 'yesterday', until: 'today' }, now, 'Europe/Berlin')).toEqual({
    since: micros('2026-02-09T23:00:00Z'),
    until: micros('2026-02-10T23:00:00Z'),
    anchor: 'activity',
  }));

test('all takes a bound away', () =>
  expect(parseWindow({ since: 'all', until: 'all' }, now, 'UTC')).toEqual({
    since: null,
    until: null,
    anchor: 'activity',
  }));

test.each([
  [
    { since: '2026-02-10', until: '2026-02-09' },
    /--since to be earlier than --until, got "2026-02-10" and "2026-02-09"/,
  ],
  [{ since: '0d', until: '2026-02-09' }, /--since to be earlier/],
  [{ since: 'soon' }, /Expected --since to be a duration such as 14d/],
  [{ until: 'later' }, /Expected --until to be a duration such as 14d/],
  [{ anchor: 'end' }, /Expected --anchor to be activity or start, got "end"/],
])('refuses %j', (options, message) => {
  expect(() => parseWindow(options, now, 'UTC')).toThrow(UsageError);
  expect(() => parseWindow(options, now, 'UTC')).toThrow(message);
});

test('the zone is the option, else SESH_ZONE, else the machine', () => {
  expect(configuredZone('Asia/Tokyo', { SESH_ZONE: 'Europe/Berlin' })).toBe('Asia/Tokyo');
  expect(configuredZone(undefined, { SESH_ZONE: 'Europe/Berlin' })).toBe('Europe/Berlin');
  expect(configuredZone(undefined, { SESH_ZONE: '' })).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(() => configuredZone(undefined, { SESH_ZONE: 'Mars' })).toThrow(/Expected SESH_ZONE to be a time zone/);
});

test('SESH_NOW replaces the clock', () => {
  expect(fixedNow({})).toBeNull();
  expect(fixedNow({ SESH_NOW: '2026-02-11T16:00:00Z' })).toBe(now);
  expect(() => fixedNow({ SESH_NOW: '14d' })).toThrow(/Expected SESH_NOW to be an instant .*, got "14d"/);
});
