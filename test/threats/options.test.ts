import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import { readFilters } from '../../src/commands/filters.ts';
import { readFlags } from '../../src/commands/options.ts';
import { idsText } from '../../src/commands/session-rows.ts';
import { UsageError } from '../../src/core/errors.ts';
import { parseWindow } from '../../src/core/window.ts';
import { visibleText } from '../../src/core/visible.ts';
import { runHere } from '../commands/run-here.ts';
import { scratch } from '../helpers/scratch.ts';

const sql = [
  "'; drop table events; --",
  '" or 1=1 --',
  '$1',
  '?',
  ') union select 1 --',
  "14d'; --",
  '2026-02-09 --',
  'all;',
  '1; select 1',
  '\u0000',
  '__proto__',
  'constructor',
];
const hostile = fc.oneof(
  fc.constantFrom(...sql),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.tuple(fc.constantFrom('14d', '2026-02-09', 'all', 'yesterday'), fc.constantFrom(...sql)).map(([a, b]) => a + b),
);
const options = { numRuns: 200, seed: 20261129 };

test('a window is two moments, whatever --since, --until, --anchor and --zone say (T09)', () => {
  const now = Date.parse('2026-02-11T16:00:00Z') * 1000;
  fc.assert(
    fc.property(hostile, hostile, hostile, (since, until, anchor) => {
      for (const given of [{ since }, { until }, { since, until }, { since: '14d', anchor }]) {
        try {
          const window = parseWindow(given, now, 'UTC');
          expect([window.since, window.until].every((moment) => moment === null || Number.isSafeInteger(moment))).toBe(
            true,
          );
          expect(['activity', 'start']).toContain(window.anchor);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }
    }),
    options,
  );
});

test('a filter is a condition of ours with places, and values apart (T09)', () => {
  const ours = /^(?:true|(?:[a-z_"(), .>=' ]|\$\d)+)$/;
  fc.assert(
    fc.property(hostile, (text) => {
      const value = text === '' ? 'x' : text;
      const flags = readFlags({ project: value, branch: value, model: value, user: value, agent: [value] });
      const { where, parameters } = readFilters(flags);
      expect(where).toMatch(ours);
      expect(parameters).toEqual([value, value, value, value, value]);
      expect(where).toBe(
        readFilters(readFlags({ project: 'a', branch: 'a', model: 'a', user: 'a', agent: ['a'] })).where,
      );
    }),
    options,
  );
});

test('ids that are no plain ids become no SQL (T09)', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (ids) => {
      expect(idsText(ids)).toMatch(/^(?:null|'\n[\w.\n-]+\n')$/);
    }),
    options,
  );
});

// Every option that takes a value, of every command that reads the store: there is none here at first, so that little is asked.
const withValues = catalogue
  .filter(({ name }) =>
    ['stats', 'sessions', 'runs', 'report', 'sql', 'show', 'sync', 'doctor', 'vacuum', 'fixes'].includes(name),
  )
  .flatMap(({ name, options: names }) =>
    names
      .filter(
        (option) =>
          ![
            'json',
            'debug',
            'root',
            'issues',
            'out',
            'file',
            'fixes',
            'repo',
            'dry-run',
            'full',
            'verbose',
            'raw',
            'stdout',
            'compare',
            'events',
          ].includes(option),
      )
      .map((option) => [name, option] as const),
  );

test('no value of an option ends a command in anything but a sentence (T09, T23)', async () => {
  // A value that sync takes makes a store.
  const env = { SESH_HOME: join(scratch(), 'store') };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...withValues), hostile, async ([command, option], text) => {
      const { code, stdout, stderr } = await runHere([command, `--${option}=${text}`], { env });
      expect([0, 1, 2]).toContain(code);
      expect(stderr).not.toContain('a bug in sesh');
      expect(stdout + stderr).toBe(visibleText(stdout + stderr));
    }),
    { numRuns: 80, seed: 20261129 },
  );
});
