import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { everything } from '../../../src/core/window.ts';
import { exportPrompt, importAnswer } from '../../../src/judge/prompt/export.ts';
import { prepareSession, readSession } from '../../../src/judge/prompt/prepare.ts';
import { eligibleSessions, type SelectOptions, type Selection } from '../../../src/judge/select.ts';
import { openViews, type Views } from '../../../src/views/query.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { testSettings, writeLake } from '../../sql/helpers/store.ts';
import { testKey } from '../render/session.ts';

const store = scratchForFile();
let views: Views;

let seq = 0;
function row(session: string, at: string, fields: JsonObject): JsonObject {
  seq += 1;
  return {
    agent: 'claude-code',
    session_id: session,
    thread_id: 'main',
    source_id: `source-${session}`,
    source_line: seq,
    seq,
    project: 'harbor',
    ts: `2026-03-${at}Z`,
    ts_source: 'event',
    ...fields,
  };
}

beforeAll(async () => {
  const call = { kind: 'tool_call', tool_name: 'Bash', tool_kind: 'shell' };
  const asked = { kind: 'prompt', text: 'Mend the crane' };
  const files = await writeLake(store, {
    events: [
      row('old', '02T10:00:00', asked),
      row('old', '02T10:01:00', { ...call, call_id: 'a', command: 'pytest' }),
      row('old', '02T10:02:00', { kind: 'tool_result', call_id: 'a', outcome: 'ok', text: '4 passed in 1s' }),
      row('old', '02T10:03:00', { kind: 'usage', model: 'zeta-9000', output_tokens: 5 }),
      row('old', '02T10:04:00', { kind: 'reply', text: 'zeta-9000 is done' }),
      row('child', '02T10:02:30', { kind: 'prompt', text: 'Look for hooks', parent_session_id: 'old' }),
      row('child', '02T10:02:40', { kind: 'reply', text: 'No hooks', parent_session_id: 'old' }),
      row('new', '05T10:00:00', asked),
      row('new', '05T10:29:00', { ...call, call_id: 'b', command: 'ls' }),
      row('chat', '04T10:00:00', asked),
      row('chat', '04T10:00:05', { kind: 'reply', text: 'Hello' }),
    ],
  });
  views = await openViews({ storeDir: store, files, settings: testSettings, threads: 1 });
});
afterAll(() => views.close());

const at = (iso: string): number => Date.parse(iso) * 1000;

describe('sessions to be judged', () => {
  const select = (options: Partial<SelectOptions>): Promise<Selection> =>
    eligibleSessions(views, { last: null, now: at('2026-03-09T00:00:00Z'), ...options });
  const none = { subagent: 0, no_prompt: 0, no_tool_call: 0, no_time: 0 };

  test('come newest first; what cannot be judged is counted with why', async () => {
    const session = { agent: 'claude-code', project: 'harbor', prompts: 1, toolCalls: 1 };
    expect(await select({})).toEqual({
      sessions: [
        { ...session, sessionId: 'new', startedAt: '2026-03-05T10:00:00.000Z', endedAt: '2026-03-05T10:29:00.000Z' },
        { ...session, sessionId: 'old', startedAt: '2026-03-02T10:00:00.000Z', endedAt: '2026-03-02T10:04:00.000Z' },
      ],
      eligible: 2,
      open: 0,
      notApplicable: { ...none, subagent: 1, no_tool_call: 1 },
    });
  });

  test('are at most as many as wanted', async () => {
    const { sessions, eligible } = await select({ last: 1 });
    expect([sessions.map(({ sessionId }) => sessionId), eligible]).toEqual([['new'], 2]);
  });

  test.each([
    ['2026-03-05T10:58:59Z', 1, 1],
    ['2026-03-05T10:59:00Z', 2, 0],
  ])('are closed for 30 minutes at %s: %d, open %d', async (now, eligible, open) => {
    expect(await select({ now: at(now) })).toMatchObject({ eligible, open });
  });

  test('can be named, and lie in the window', async () => {
    expect(await select({ ids: ['old', 'unheard-of'] })).toMatchObject({ eligible: 1, notApplicable: none });
    const since = { ...everything, since: at('2026-03-05T10:20:00Z') };
    expect(await select({ window: since })).toMatchObject({ eligible: 1, notApplicable: none });
    expect(await select({ window: { ...since, anchor: 'start' } })).toMatchObject({ eligible: 0 });
    expect(await select({ window: { ...everything, until: at('2026-03-05T00:00:00Z') } })).toMatchObject({
      eligible: 1,
    });
  });
});

const old = { agent: 'claude-code', sessionId: 'old', project: 'harbor' };

test('a session is read with its sub-agents, its facts and the names of its models', async () => {
  const { events, facts, models } = await readSession(views, old);
  expect(events.map(({ text }) => text).filter((text) => text !== null)).toHaveLength(5);
  expect([facts.prompts, facts.toolCalls, facts.lastTest, models]).toEqual([1, 1, 'pass', ['zeta-9000']]);
});

test('the prompt holds both in the order of time, and its models by no name', async () => {
  const { user, flags, parts } = await prepareSession(views, old, { redactionKey: testKey });
  const transcript = /<transcript-\w+>\n([\s\S]*)\n<\/transcript/.exec(user)?.[1];
  expect(transcript).toBe(
    [
      '[E1] user: message',
      '| Mend the crane',
      '[E2] agent: shell call',
      '| $ pytest',
      '[E3] tool: result, ok of E2',
      '| 4 passed in 1s',
      '[E4] agent: sub-agent: task of the sub-agent',
      '| Look for hooks',
      '[E5] agent: sub-agent: message',
      '| No hooks',
      '[E6] agent: message',
      '| [model] is done',
    ].join('\n'),
  );
  expect([flags, parts]).toEqual([[], null]);
});

describe('a prompt that is judged by other means', () => {
  const answer = JSON.stringify({
    requirements: [
      {
        id: 'R1',
        text: 'Mend the crane',
        source_event: 'E1',
        status: 'met',
        evidence: [{ event: 'E3', quote: '4 passed in 1s', kind: 'tool_result' }],
      },
    ],
    checks_after_last_change: [{ event: 'E3', quote: '4 passed in 1s', result: 'pass' }],
    side_effects: [],
    divergence: 'on_track',
    blocker: 'none',
    user_satisfaction: 'silent',
    outcome: 'done',
    proposed_score: 5,
    null_reason: null,
    confidence: 'high',
    rationale: 'R1 is shown by the tests.',
  });

  test('goes out as files and comes back through the same checks', async () => {
    const prepared = await prepareSession(views, old, { redactionKey: testKey });
    const files = exportPrompt(prepared);
    expect(Object.keys(files)).toEqual(['system.txt', 'user.txt', 'schema.json', 'session.json']);
    expect([files['system.txt'], files['user.txt']]).toEqual([prepared.system, prepared.user]);
    const imported = await importAnswer(prepared, `Here it is:\n${answer}`, files['session.json'] ?? '');
    expect(imported).toEqual(await prepared.check(answer));
    expect(imported.verdict).toMatchObject({ score: 5, caps: [], outcome: 'done' });
    expect(imported.verdict.requirements[0]?.evidence).toEqual([
      { eventId: 'event-3', sourceLine: 3, quote: '4 passed in 1s', kind: 'tool_result' },
    ]);
  });

  test('is refused when it belongs to another session, or to one that has grown', async () => {
    const prepared = await prepareSession(views, old, { redactionKey: testKey });
    const other = await prepareSession(views, { ...old, sessionId: 'new' }, { redactionKey: testKey });
    for (const identity of [exportPrompt(other)['session.json'] ?? '', '{}', 'nothing']) {
      await expect(importAnswer(prepared, answer, identity)).rejects.toThrow(/old belongs to another prompt/);
    }
  });
});
