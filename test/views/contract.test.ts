import { expect, test } from 'vitest';
import { parseView } from '../../src/views/contract.ts';

const text = `-- Pauses of each session.
-- Long ones only.
-- grain: one row per gap
-- key: agent, gap_start
-- reads: staging.events,
--   seeds.thresholds
-- columns:
--   agent: the agent
--   gap_start: last event before
--     the pause
with events as (from staging.events)
select agent, ts as gap_start from events;
`;

test('a header becomes the contract of its view', () => {
  expect(parseView('marts', 'gaps.sql', text)).toEqual({
    name: 'gaps',
    layer: 'marts',
    about: 'Pauses of each session. Long ones only.',
    grain: 'one row per gap',
    key: ['agent', 'gap_start'],
    reads: ['staging.events', 'seeds.thresholds'],
    parameters: [],
    kept: false,
    stored: false,
    columns: [
      { name: 'agent', about: 'the agent' },
      { name: 'gap_start', about: 'last event before the pause' },
    ],
    columnsOf: null,
    select: 'with events as (from staging.events)\nselect agent, ts as gap_start from events',
  });
});

test('a file of another layer is named with its schema', () => {
  expect(parseView('checks', 'gaps.sql', text).name).toBe('checks.gaps');
});

test('parameters, no reads, and the columns of another view can be declared', () => {
  const macro =
    '-- A.\n-- grain: one row\n-- key: a\n-- reads: nothing\n-- parameters: since, until\n-- columns: as gaps\nfrom x\n';
  expect(parseView('marts', 'gaps_in.sql', macro)).toMatchObject({
    reads: [],
    parameters: ['since', 'until'],
    columns: [],
    columnsOf: 'gaps',
  });
});

test.each([
  ['grain', /sql\/marts\/gaps.sql to have a line "-- grain: ..."/],
  ['key', /"-- key: ..."/],
  ['reads', /"-- reads: ..."/],
  ['columns', /"-- columns: ..."/],
])('a header without %s is refused', (field, message) => {
  expect(() => parseView('marts', 'gaps.sql', text.replace(`-- ${field}:`, '-- other:'))).toThrow(message);
});

test('a body that is not a bare select is refused', () => {
  expect(() => parseView('marts', 'gaps.sql', text.replace('with events', 'create view x as with events'))).toThrow(
    /sql\/marts\/gaps.sql to hold one bare select/,
  );
});
