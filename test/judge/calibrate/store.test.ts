import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { candidates, sessionText, verdictRows } from '../../../src/judge/calibrate/store.ts';
import { parseView } from '../../../src/views/contract.ts';
import { loadCatalog } from '../../../src/views/load.ts';
import { openViews, type Views } from '../../../src/views/query.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { testSettings, writeLake } from '../../sql/helpers/store.ts';

const storeDir = join(scratchForFile(), 'store');
let views: Views;

// The verdicts of two sessions, in place of what a judge has stored.
const judgments = `-- Current verdicts.
-- grain: one row per session
-- key: agent, session_id
-- reads:
-- columns:
--   agent: the agent
--   session_id: the session
--   score: 1 to 5, or null
--   model: the model
--   judge_version: the judge
--   judged_at: when
--   quotes: quotes in the answers
--   quotes_verified: of them found
--   samples: samples
--   scored_samples: of them with a score
--   lowest_score: lowest of them
--   highest_score: highest of them
select * from (values
  ('pi', 'old', 4, 'm', 'v1', timestamptz '2026-02-10 10:00:00Z', 12, 11, 5, 5, 4, 4),
  ('pi', 'gone', null, 'm', 'v2', timestamptz '2026-02-09 10:00:00Z', null, null, 2, 1, 3, 3)
) as verdicts (
  agent, session_id, score, model, judge_version, judged_at,
  quotes, quotes_verified, samples, scored_samples, lowest_score, highest_score
)
`;

beforeAll(async () => {
  const event = (session: string, seq: number, kind: string, minute: string, more: object = {}) => ({
    agent: 'pi',
    session_id: session,
    thread_id: 'main',
    source_id: session,
    seq,
    kind,
    ts: `2026-02-11T15:${minute}:00Z`,
    ts_source: 'event',
    ...more,
  });
  const call = { call_id: 'c1', tool_name: 'bash', tool_kind: 'shell', command: 'npm test' };
  const events = ['old', 'open'].flatMap((session) => [
    event(session, 0, 'prompt', '00', { text: 'fix the login' }),
    event(session, 1, 'tool_call', session === 'old' ? '01' : '40', call),
    event(session, 2, 'tool_result', session === 'old' ? '02' : '41', {
      call_id: 'c1',
      outcome: 'error',
      exit_code: 1,
      text: '2 failed',
    }),
    event(session, 3, 'prompt', session === 'old' ? '03' : '42', { text: 'go on' }),
  ]);
  const files = await writeLake(storeDir, { events: [...events, event('chat', 0, 'prompt', '00', { text: 'hello' })] });
  const catalog = loadCatalog();
  const view = parseView('marts', 'judgments.sql', judgments);
  views = await openViews({
    storeDir,
    files,
    settings: testSettings,
    threads: 1,
    catalog: { ...catalog, views: new Map([...catalog.views, [view.name, view]]) },
  });
});
afterAll(() => views.close());

test('verdicts come with the lengths of their sessions', async () => {
  const rows = await verdictRows(views.query);
  expect(rows.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))).toEqual([
    {
      agent: 'pi',
      sessionId: 'gone',
      score: null,
      judgeVersion: 'm v2',
      judgedAt: '2026-02-09T10:00:00.000Z',
      toolCalls: null,
      quotes: { all: 0, verified: 0 },
      samples: { asked: 2, areEqual: false },
    },
    {
      agent: 'pi',
      sessionId: 'old',
      score: 4,
      judgeVersion: 'm v1',
      judgedAt: '2026-02-10T10:00:00.000Z',
      toolCalls: 1,
      quotes: { all: 12, verified: 11 },
      samples: { asked: 5, areEqual: true },
    },
  ]);
});

test('sessions may be labelled that have a request and a tool call and are closed', async () => {
  const idle = 30 * 60_000;
  const at = (time: string) => candidates(views.query, Date.parse(`2026-02-11T${time}Z`), idle);
  const old = { agent: 'pi', sessionId: 'old', verdict: '4', toolCalls: 1 };
  expect(await at('15:32:59')).toEqual([]);
  expect(await at('15:33:00')).toEqual([old]);
  expect((await at('18:00:00')).toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1))).toEqual([
    old,
    { agent: 'pi', sessionId: 'open', verdict: 'unjudged', toolCalls: 1 },
  ]);
});

test('a session is shown by its requests and its last events', async () => {
  expect(await sessionText(views.query)({ agent: 'pi', sessionId: 'old' })).toEqual({
    prompts: ['fix the login', 'go on'],
    ending: [
      'prompt\nfix the login',
      'tool_call \u00b7 bash\n$ npm test',
      'tool_result \u00b7 error \u00b7 exit code 1\n2 failed',
      'prompt\ngo on',
    ].join('\n\n'),
  });
});
