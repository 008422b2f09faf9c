import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderReport, UNTRUSTED } from '../../src/report/page.ts';
import type { Figures, Report } from '../../src/report/value.ts';
import { HOSTILE, hostileMixture, treeOf } from './hostile.ts';
import { sampleReport } from './sample.ts';

describe('text from a transcript stays text', () => {
  const harmless = treeOf(renderReport(sampleReport(() => 'word')));

  test.each(HOSTILE)('%j in every place leaves the tree as it is (T24)', (text) => {
    expect(treeOf(renderReport(sampleReport(() => text)))).toEqual(harmless);
  });

  test('so do random mixtures of them (T24)', () => {
    fc.assert(
      fc.property(fc.array(hostileMixture, { minLength: 1, maxLength: 5 }), (texts) => {
        let next = 0;
        const report = sampleReport(() => texts[(next += 1) % texts.length] || 'x');
        expect(treeOf(renderReport(report))).toEqual(harmless);
      }),
      { numRuns: 300, seed: 20260211 },
    );
  });

  test('no link and no picture is on the page but our own (T25)', () => {
    const page = renderReport(
      sampleReport(() => HOSTILE.join(' ')),
      '2026-02-11.svg',
    );
    expect(treeOf(page).filter((node) => /^(?:link_open|image|html)/.test(node))).toEqual(['image img 0  ']);
    expect(page).toContain('![Friction incidents per active hour, by day](2026-02-11.svg)');
    expect(page).not.toMatch(/https?:\/\/|www\.|ftp:\/\//i);
  });
});

test('the warning about quoted text is the first thing under the title (T29)', () => {
  expect(
    renderReport(sampleReport(() => 'word'))
      .split('\n')
      .slice(0, 3),
  ).toEqual(['# sesh report: 2026-02-10 16:00 to 2026-02-11 16:00 (UTC)', '', UNTRUSTED]);
});

test('the page says the numbers in words, beside the window before, and what is not known', () => {
  const page = renderReport(sampleReport((place) => place));
  expect(page).toContain(
    '12 sessions worked for 3 h 20 min of 10 h 00 min wall time (33.3 %) (11 of 12 sessions). ' +
      'At list prices they cost $4.20, without 3 responses whose price is not known. ' +
      'The top friction is `category`, `signature`: 12 incidents in 4 sessions, 14 min 00 s lost. ' +
      '1 kind of trouble came back after the fix. 1 kind is new or more frequent than before. ' +
      'The window before: 9 sessions, 2 h 46 min active, not known; tool errors per 100 calls 4.0 then, 5.0 now. ' +
      'Not everything could be counted: 1 source could not be read, 3 lines could not be understood (see Coverage).',
  );
  expect(page).toContain('| Sessions | 12 | 9 | +3 (+33 %) | \u2585\u00b7\u2588 |');
  expect(page).toContain('| Cost (list price) | $4.20 | not known | - | \u00b7\u00b7\u2588 |');
  expect(page).toContain('| Tool calls | 400 | 400 | same | \u2588\u00b7\u2588 |');
  expect(page).toContain(
    '| 1 | `category` | `signature` | 12 | 3 | 4 of 12 | 3.0 (1.6 to 5.2) | 3.6 | 14 min 00 s (10 of 12) |',
  );
  expect(page).toContain('| 2 | `category` | `signature` | 12 | 3 | 4 of 12 | 3.0 (1.6 to 5.2) | 3.6 | not known |');
  expect(page).toContain('3 more kinds not shown.');
  expect(page).toContain(
    '**1.** `category` in `tool_name` at `session_:120`, rule `rule_id`: `command`\n\n```text\n| evidence\n```\n\n' +
      'The prompt before it:\n\n```text\n| prompt_before\n```\n\nWhat usually helps: 1 remedy\n\nIssue draft: `draft`',
  );
  expect(page).toContain('- 1 min 30 s: 5 tries, 4 failed, it never worked: `tool_name` `what` in `session_:77`');
  expect(page).toContain(
    '- 4 min 26 s, may include waiting for a person: `command` (`outcome`; `project`, `session_:77`)',
  );
  expect(page).toContain(
    '| `project` | 3 | 10 min 00 s | not known (2 unknown) | 4 | 3.0 (1.6 to 5.2) | 3.6 (1.9 to 6.3) |',
  );
  expect(page).toContain('- more: `category` altogether, 3.0 per 100 calls, 0.75 before');
  expect(page).toContain('- more: `category` `signature`: 12 incidents, 3 before, 1.2 to 12.5 times the rate');
  expect(page).toContain(
    '- After fix `fix_id`: `category` `signature`: 2 incidents in 1 session, last shown at `session_:120`; issue draft `draft`',
  );
  expect(page).toContain(
    '- `signature`: 12 incidents in 4 sessions, shown at `session_:120`: `evidence`; issue draft `draft`',
  );
  expect(page).toContain(
    '4 incidents before a fix, and 1 after it, in 2 sessions that began before it: expected, and not in the ranking.',
  );
  expect(page).toContain(
    '- verdict: `fix_id` `title` (2026-02-06 21:37): 4.0 per 100 calls before, 0.40 after (20 incidents, then 2, 0.02 to 0.39 times the rate)',
  );
  expect(page).toContain('| `version` | 12 | 0 | 1 | 1 | 2 | 6 | 4.3 | 1 | 1 |');
  expect(page).toContain(
    '`version`: 39 of 40 quotes verified. Without a score: too_little 1. Agreement with people, measured on 120 sessions (2026-02-01): quadratic-weighted kappa 0.71 (0.60 to 0.80).',
  );
  expect(page).toContain('| `last_check_failed` | 2 | `session_:7` |');
  expect(page).toContain('| `session_` | 2 and 5 |');
  expect(page).toContain(
    '| `person` | 12 | 12 | 3 | 1.0 (0.52 to 1.8) | 3.0 (1.6 to 5.2) | 0.75 | 3.6 (1.9 to 6.3) | - | more |',
  );
  expect(page).toContain('| Sessions | 1 | - | 2 | 12 | 9 | +3 (+33 %) |');
  expect(page).toContain('| Incidents per active hour | 3.0 | - | 3.0 | 3.6 | not known | - |');
  expect(page).toContain('1. advice (`category` `signature`: 12 incidents, 14 min 00 s lost)');
  expect(page).toContain('- Sources read: 39 of 40, 1 unreadable; 2 no longer on disk and kept.');
  expect(page).toContain('does not know: 7: `record_type` of `agent` (7).');
});

test('the same advice is given once', () => {
  const report = sampleReport((place) => place);
  const friction = report.friction.map((kind) => ({ ...kind, remedy: 'Sleep (a bit).' }));
  const page = renderReport({ ...report, friction });
  expect(page.match(/What usually helps: .*/g)).toEqual([
    'What usually helps: Sleep (a bit).',
    'What usually helps: as 1.',
  ]);
});

test('an empty window says so and is still a whole page', () => {
  const none: Figures = {
    sessions: 0,
    active_s: null,
    wall_s: null,
    timed_sessions: 0,
    wall_sessions: 0,
    prompts: 0,
    tool_calls: 0,
    tool_errors: 0,
    error_sessions: 0,
    tool_errors_per_100_calls: null,
    input_tokens: null,
    output_tokens: null,
    cache_read_tokens: null,
    cache_write_tokens: null,
    token_sessions: 0,
    output_sessions: 0,
    cost_usd: null,
    cost_sessions: 0,
    cost_unknown_responses: 0,
  };
  const report: Report = {
    format: 'sesh-report-2',
    privacy: 'redacted',
    window: { since: null, until: '2026-02-11T16:00:00.000000Z', zone: 'Europe/Berlin' },
    before: null,
    figures: none,
    figures_before: null,
    changes: [],
    reopened: [],
    friction: [],
    friction_totals: { kinds: 0, incidents: 0, sessions: 0, lost_s: null },
    confusion: [],
    pre_fix: { incidents: 0, after_fix_incidents: 0, sessions: 0 },
    fixes: [],
    judge: null,
    rates: { all: null, categories: [], projects: [], agents: [], models: [], people: [], hours: [] },
    days: [],
    window_days: null,
    retry_loops: [],
    slow_commands: [],
    projects: [],
    next_steps: [],
    coverage: {
      sources: 0,
      unreadable_sources: 0,
      gone_sources: 0,
      lines: 0,
      quarantined_lines: 0,
      salvaged_lines: 0,
      pending_bytes: 0,
      unknown_events: 0,
      unknown_record_types: [],
    },
  };
  const page = renderReport(report);
  expect(page.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# sesh report: the beginning to 2026-02-11 17:00 (Europe/Berlin)',
    '## In short',
    '## What changed',
    '## Reopened',
    '## Top friction',
    '## Retry loops',
    '## Slow commands',
    '## Confusion',
    '## Pre-fix',
    '## Fixes',
    '## Figures',
    '## Per project',
    '## Per agent',
    '## Per model',
    '## Per hour of the day',
    '## What to do next',
    '## Coverage and what was not understood',
  ]);
  expect(page).toContain('No session was active in this window.');
  expect(page).toContain('| Active time | not known | - | - |  |');
  expect(page).toContain('The store is empty: run `sesh sync`.');
});
