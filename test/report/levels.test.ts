import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Window } from '../../src/core/window.ts';
import { renderReport } from '../../src/report/page.ts';
import type { Privacy } from '../../src/report/privacy.ts';
import { buildWithIssues, type BuiltReport } from '../../src/report/report.ts';
import { openViews } from '../../src/views/query.ts';
import { parseSeed } from '../../src/views/seeds.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';

const day = (date: string): number => Date.parse(`${date}T00:00:00Z`) * 1000;
const window: Window = { since: day('2026-02-10'), until: day('2026-02-11'), anchor: 'activity' };
const redactionKey = Buffer.from('key');

/** A session of each person: one prompt, one command that fails with a message of two lines. */
function team(people: readonly string[]): readonly JsonObject[] {
  return people.flatMap((user, index) => {
    const base = {
      agent: 'claude-code',
      session_id: `session-of-nr-${index}`,
      thread_id: 'main',
      source_id: `source-${index}`,
      ts_source: 'event',
      project: 'apiary',
      user,
    };
    const call = { call_id: `call-${index}`, tool_name: 'Bash', tool_kind: 'shell', command: 'count-zebras --all' };
    const event = (seq: number, kind: string, fields: JsonObject): JsonObject => ({
      ...base,
      event_id: `${user}-${seq}`,
      seq,
      source_line: seq,
      ts: `2026-02-10T10:0${seq}:00Z`,
      kind,
      ...fields,
    });
    return [
      event(1, 'prompt', { text: 'please count the quaggas' }),
      event(2, 'tool_call', call),
      event(3, 'tool_result', { ...call, outcome: 'error', exit_code: 3, text: 'Exit code 3\nerror: zebra stampede' }),
    ];
  });
}

const folder = scratchForFile();
const reports = new Map<string, Promise<BuiltReport>>();

/** The report on a team; several tests look at one. */
async function built(people: readonly string[], privacy: Privacy, fixes = ''): Promise<BuiltReport> {
  const name = [people.length, privacy, fixes].join(' ');
  const known = reports.get(name) ?? build(`${folder}/${reports.size}`, people, privacy, fixes);
  reports.set(name, known);
  return await known;
}

async function build(
  storeDir: string,
  people: readonly string[],
  privacy: Privacy,
  fixes: string,
): Promise<BuiltReport> {
  const header = 'fix_id,title,fixed_at:timestamptz,category,rule_id,signature,pattern,project,issue,commit\n';
  const settings = { ...testSettings, seeds: [parseSeed('fixes', `${header}${fixes}`)] };
  const views = await openViews({
    storeDir,
    files: await writeLake(storeDir, { events: team(people) }),
    settings,
    threads: 1,
  });
  const answer = await buildWithIssues(views, { window, zone: 'UTC', redactionKey, privacy });
  views.close();
  return answer;
}

const three = ['ann', 'bob', 'carl'];
const five = [...three, 'dora', 'emil'];

describe('redacted', () => {
  test('a team of three has no row for a person, and nobody is named (T41)', async () => {
    const { report } = await built(three, 'redacted');
    expect(report.rates.people).toEqual([]);
    expect(renderReport(report)).not.toContain('Per person');
    expect(JSON.stringify(report)).not.toMatch(/"(?:ann|bob|carl)"/);
  });

  test('a team of five has pseudonyms, in the order of the pseudonyms (T41)', async () => {
    const { report } = await built(five, 'redacted');
    const names = report.rates.people.map(({ name }) => name ?? '');
    expect(names).toEqual(names.toSorted());
    expect(names).toHaveLength(5);
    for (const name of names) expect(name).toMatch(/^person-[0-9a-f]{4}$/);
    expect(JSON.stringify(report)).not.toMatch(/"(?:ann|bob|carl|dora|emil)"/);
  });

  test('evidence is quoted and prompts are not', async () => {
    const { report } = await built(three, 'redacted');
    expect(report.friction[0]).toMatchObject({ evidence: 'error: zebra stampede', prompt_before: null, sessions: 3 });
    expect(JSON.stringify(report)).not.toContain('quagga');
  });
});

test('full names persons and quotes prompts', async () => {
  const { report } = await built(three, 'full');
  expect(report.rates.people.map(({ name }) => name)).toEqual(three);
  expect(report.friction[0]?.prompt_before).toBe('please count the quaggas');
});

describe('aggregate', () => {
  test('holds no quote, no command, no session and no person', async () => {
    const { report } = await built(five, 'aggregate');
    for (const text of [JSON.stringify(report), renderReport(report)]) {
      expect(text).not.toMatch(/zebra|quagga|session-of|"ann"|person-/);
    }
    expect(report.friction[0]).toMatchObject({ incidents: 5, evidence: null, session_id: null, draft: null });
    expect(report.rates.projects).toMatchObject([{ name: 'apiary', people: 5, incidents: 5 }]);
    expect(report.projects.map(({ project }) => project)).toEqual(['apiary']);
  });

  test('does not break down what fewer than five people did (T41)', async () => {
    const { report } = await built(three, 'aggregate');
    const { all, projects, agents, models, people, hours } = report.rates;
    expect([projects, agents, models, people, hours, report.projects]).toEqual([[], [], [], [], [], []]);
    expect(all).toMatchObject({ sessions: 3, incidents: 3 });
    expect(renderReport(report)).toContain('Groups of fewer than five people are not shown.');
    expect(JSON.stringify(report)).not.toContain('apiary');
  });
});

describe('what is worth an issue', () => {
  test('has a draft, and the report names its file', async () => {
    const { report, issues } = await built(three, 'redacted');
    const [kind] = issues.candidates;
    expect(issues.candidates).toHaveLength(1);
    expect(kind).toMatchObject({ incidents: 3, sessions: 3, evidence: ['error: zebra stampede'], status: 'open' });
    expect(report.friction[0]?.draft).toBe(`${kind?.name ?? ''}.md`);
  });

  test('is not what one person met once', async () => {
    const { report, issues } = await built(['ann'], 'redacted');
    expect([issues, report.friction[0]?.draft]).toEqual([{ candidates: [], fixed: [] }, null]);
  });

  test('is marked as fixed when a fix came after all of it, under the same name', async () => {
    const open = await built(three, 'redacted');
    const { report, issues } = await built(three, 'redacted', '84,tame zebras,2026-02-10T12:00:00Z,,,,zebra,,,\n');
    expect(issues).toEqual({ candidates: [], fixed: [{ name: open.issues.candidates[0]?.name, fixId: '84' }] });
    expect(report.friction).toEqual([]);
    expect(report.pre_fix).toEqual({ incidents: 3, after_fix_incidents: 0, sessions: 3 });
    expect(report.fixes.map(({ fix_id, verdict }) => [fix_id, verdict])).toEqual([['84', 'too little data']]);
  });

  test('comes first when it came back after its fix', async () => {
    const { report, issues } = await built(three, 'redacted', '84,tame zebras,2026-02-09T12:00:00Z,,,,zebra,,,\n');
    expect(issues.candidates[0]).toMatchObject({ status: 'reopened', fixId: '84' });
    expect(report.friction).toEqual([]);
    expect(report.reopened).toMatchObject([{ fix_id: '84', incidents: 3, sessions: 3 }]);
    expect(report.next_steps[0]).toMatchObject({ kind: 'reopened', incidents: 3 });
  });
});
