import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchForFile } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';
import { runHere } from './run-here.ts';
import { api, hostile, shop, writeTwoSessions } from './two-sessions.ts';

const machine = scratchForFile();
const store = join(machine, 'store');
const { transcripts, shopFile } = writeTwoSessions(machine);

const sesh = (...args: readonly string[]): ReturnType<typeof runHere> =>
  runHere(args, { env: { SESH_HOME: store }, home: join(machine, 'home') });
const json = async (...args: readonly string[]): Promise<unknown> => {
  const { stdout, stderr } = await sesh(...args, '--json', '--debug');
  if (stdout === '') throw new Error(`No output: ${stderr}`);
  return JSON.parse(stdout);
};

beforeAll(async () => {
  await syncStore({ store, roots: [transcripts] });
});

const shopFigures = {
  agent: 'claude-code',
  session_id: shop,
  project: 'shop',
  started_at: '2026-02-09T10:00:00.000Z',
  ended_at: '2026-02-09T12:00:10.000Z',
  // 30 s before the pause and 10 s after it.
  active_s: 40,
  wall_s: 7210,
  gaps: 1,
  prompts: 2,
  tool_calls: 2,
  tool_errors: 1,
  input_tokens: 22,
  output_tokens: 154,
  cache_read_tokens: 2006,
};

describe('sesh sessions', () => {
  test('lists sessions, newest first, with their figures', async () => {
    expect(await json('sessions')).toEqual({
      window: { since: null, until: null, anchor: 'activity', zone: 'UTC' },
      total: 2,
      sessions: [
        expect.objectContaining({ session_id: api, active_s: 60, wall_s: 60, gaps: 0, cost_usd: 0.0013 }),
        expect.objectContaining(shopFigures),
      ],
    });
  });

  test('counts only what lies in the window, and says so', async () => {
    const since = '2026-02-09T11:00Z';
    expect(await json('sessions', '--since', since, '--project', 'SHOP')).toEqual({
      window: { since: '2026-02-09T11:00:00.000Z', until: null, anchor: 'activity', zone: 'UTC' },
      total: 1,
      sessions: [
        expect.objectContaining({
          session_id: shop,
          started_at: '2026-02-09T12:00:00.000Z',
          active_s: 10,
          wall_s: 10,
          prompts: 1,
          tool_calls: 1,
          tool_errors: 0,
          output_tokens: 52,
        }),
      ],
    });
    const { stderr } = await sesh('sessions', '--since', since);
    expect(stderr).toBe(
      'Sessions that were active from 2026-02-09 11:00 to now (UTC); figures count what happened in that time.\n',
    );
  });

  test('--anchor start asks for sessions that started in the window', async () => {
    const args = ['sessions', '--since', '2026-02-09T11:00Z', '--anchor', 'start'];
    expect(await json(...args)).toMatchObject({ total: 1, sessions: [{ session_id: api }] });
  });

  test.each([
    [['--project', 'ap'], [api]],
    [
      ['--model', 'opus'],
      [api, shop],
    ],
    [['--model', 'sonnet'], []],
    [
      ['--branch', 'mai'],
      [api, shop],
    ],
    [['--min-active', '1m'], [api]],
    [['--agent', 'codex'], []],
    [
      ['--sort', 'tokens'],
      [shop, api],
    ],
    [
      ['--sort', 'active'],
      [api, shop],
    ],
    [['--sort', 'errors', '--limit', '1'], [shop]],
    [['--until', '2026-02-10'], [shop]],
    [['--project', "x' or true --"], []],
  ])('%j gives %j', async (args, expected) => {
    expect(await json('sessions', ...args)).toMatchObject({ sessions: expected.map((session_id) => ({ session_id })) });
  });

  test('prints a plain table when piped, and query is another name for it', async () => {
    const { code, stdout, stderr } = await sesh('query', '--project', 'shop');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, row, ...rest] = stdout.trimEnd().split('\n');
    expect(head?.split(/ {2,}/).slice(0, 8)).toEqual('ID,STARTED,PROJECT,ACTIVE,WALL,PROMPTS,CALLS,ERRORS'.split(','));
    expect(row?.split(/ {2,}/).slice(0, 8)).toEqual([
      shop,
      '2026-02-09 10:00',
      'shop',
      '40 s',
      '2 h 00 min',
      '2',
      '2',
      '1',
    ]);
    expect(row).toContain('fix the login ␛]52;c;eA==␇ page');
    expect(rest).toEqual([]);
  });
});

test('sesh stats adds up the sessions', async () => {
  const sums = {
    sessions: 2,
    subagent_sessions: 0,
    active_s: 100,
    // The pause of two hours counts as ten minutes.
    active_capped_s: 700,
    wall_s: 7270,
    prompts: 3,
    tool_calls: 2,
    tool_errors: 1,
    rejections: 0,
    interrupts: 0,
    responses: 5,
    input_tokens: 32,
    output_tokens: 184,
    cache_read_tokens: 3006,
    cost_usd: expect.closeTo(0.006263, 5),
    cost_unknown_responses: 0,
  };
  expect(await json('stats')).toMatchObject({
    window: { since: null, until: null, anchor: 'activity', zone: 'UTC' },
    totals: sums,
    agents: [{ agent: 'claude-code', ...sums }],
    models: [{ model_family: 'opus', responses: 5, output_tokens: 184 }],
    coverage: { sources: 2, lines: 10, quarantined: 0, unreadable: 0, last_ts: '2026-02-10T08:01:00.000Z' },
  });
});

test('sesh stats of one project counts its responses only', async () => {
  expect(await json('stats', '--project', 'api')).toMatchObject({
    totals: { sessions: 1, cost_usd: 0.0013 },
    models: [{ model_family: 'opus', responses: 1, output_tokens: 30, cost_usd: 0.0013 }],
  });
  expect((await sesh('stats', '--project', 'nowhere')).stdout).toMatch(
    /^No session matches\.\n\nThe store holds 2 files/,
  );
});

test('sesh stats reads as text', async () => {
  const { stdout } = await sesh('stats', '--project', 'api');
  expect(stdout.split('\n').slice(0, 6)).toEqual([
    'sessions     1',
    'active time  1 min 00 s of 1 min 00 s between first and last events',
    'prompts      1',
    'tool calls   0, 0 failed, 0 rejected',
    expect.stringMatching(/^tokens {7}10 input, 30 output, 1\.0 k read from cache, (0|-) written to cache$/),
    'cost         $0.0013 at list prices',
  ]);
});

describe('sesh show', () => {
  test('tells the session: figures, then prompts, work, trouble and pauses', async () => {
    const { code, stdout } = await sesh('show', '00000000-0000-4000-8000-000000000001');
    expect(code).toBe(0);
    expect(stdout.slice(stdout.indexOf('\n\n') + 2)).toBe(
      [
        '2026-02-09',
        '10:00:00 > fix the login ␛]52;c;eA==␇ page',
        '10:00:10   1 tool call: Bash',
        '10:00:20 ! error (:3): Bash npm test: Exit code 1⏎2 failed',
        '10:00:30 < Two tests fail.',
        '--- 1 h 59 min pause ---',
        '12:00:00 > go on',
        '12:00:05   1 tool call: Write',
        '12:00:10 < Done.',
        '',
      ].join('\n'),
    );
    expect(stdout).toContain('time     active 40 s of 2 h 00 min, 1 pause');
  });

  test('gives figures and timeline as JSON', async () => {
    expect(await json('show', `claude-code:${shop}`)).toEqual({
      session: expect.objectContaining(shopFigures),
      timeline: [
        { item: 'prompt', ts: '2026-02-09T10:00:00.000Z', line: 1, text: hostile },
        expect.objectContaining({ item: 'work', tool_calls: 1 }),
        expect.objectContaining({ item: 'trouble', what: 'error', tool_name: 'Bash', command: 'npm test', line: 3 }),
        { item: 'reply', ts: '2026-02-09T10:00:30.000Z', line: 4, text: 'Two tests fail.' },
        { item: 'pause', ts: '2026-02-09T10:00:30.000Z', pause_s: 7170 },
        { item: 'prompt', ts: '2026-02-09T12:00:00.000Z', line: 5, text: 'go on' },
        expect.objectContaining({ item: 'work', tools: [{ tool_name: 'Write', calls: 1 }] }),
        { item: 'reply', ts: '2026-02-09T12:00:10.000Z', line: 8, text: 'Done.' },
      ],
    });
  });

  test('--at shows what surrounds a line', async () => {
    const shown = await json('show', shop, '--at', '5', '--limit', '1');
    expect(shown).toMatchObject({
      events: [
        { source_line: 4, kind: 'reply' },
        { source_line: 5, kind: 'prompt', text: 'go on' },
        { source_line: 6, kind: 'tool_call', tool_name: 'Write' },
      ],
    });
  });

  test('an ambiguous beginning lists the candidates and ends with 2', async () => {
    expect(await sesh('show', '0000')).toEqual({
      code: 2,
      stdout: '',
      stderr: [
        'sesh: "0000" begins the ids of several sessions:',
        `  claude-code:${shop}  2026-02-09 10:00  shop`,
        `  claude-code:${api}  2026-02-10 08:00  api`,
        'Give more of the id.',
        '',
      ].join('\n'),
    });
  });

  test('an unknown one ends with 2', async () => {
    const { code, stderr } = await sesh('show', 'ffff');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'sesh: No session has an id that begins with "ffff".\nRun `sesh sessions` to list them.\n',
    });
  });
});

test('sesh runs tells times that may include waiting apart, and finds the session that changed nothing', async () => {
  expect(await json('runs')).toMatchObject({
    active_time: { sessions: 2, median_s: 40, p90_s: 60, longest_s: 60 },
    longest_commands: [],
    longest_calls: [{ session_id: shop, command: 'npm test', duration_s: 10, outcome: 'error' }],
    without_effect: [{ session_id: api }],
    without_effect_total: 1,
  });
});

describe('sesh restore', () => {
  test('gives the transcript back byte for byte, and never over another file', async () => {
    const out = join(machine, 'restored.jsonl');
    const sha256 = createHash('sha256').update(readFileSync(shopFile)).digest('hex');
    expect(await json('restore', shop, '--out', out)).toEqual({
      path: shopFile,
      out,
      bytes: readFileSync(shopFile).length,
      sha256,
    });
    expect(readFileSync(out)).toEqual(readFileSync(shopFile));
    const again = await sesh('restore', shop, '--out', out);
    expect({ code: again.code, stderr: again.stderr }).toEqual({
      code: 1,
      stderr: `sesh: ${out} exists and is left as it is.\nName another file with --out.\n`,
    });
    expect((await sesh('restore', shopFile, '--stdout')).stdout).toBe(readFileSync(shopFile, 'utf8'));
  });
});

test('sesh discover does not read again what is synced', async () => {
  const place = join(machine, 'told');
  const env = { SESH_HOME: join(place, 'store') };
  const { transcripts: folder, shopFile: file } = writeTwoSessions(place);
  const discover = async (): Promise<string> =>
    (await runHere(['discover', '--root', folder, '--json'], { env, home: place })).stdout;
  utimesSync(file, 1_770_000_000, 1_770_000_000);
  await syncStore({ store: env.SESH_HOME, roots: [folder] });
  const before = await discover();
  writeFileSync(file, Buffer.alloc(statSync(file).size, ' '));
  utimesSync(file, 1_770_000_000, 1_770_000_000);
  expect(JSON.parse(before)).toMatchObject({ total: 2, sources: [{ synced: true }, { synced: true }] });
  expect(await discover()).toBe(before);
});

test('sesh discover lists what would be read and whether it is synced', async () => {
  expect(await json('discover', '--root', transcripts)).toMatchObject({
    total: 2,
    sources: [
      { session_id: api, project: 'api', synced: true, first_ts: '2026-02-10T08:00:00.000Z' },
      { session_id: shop, project: 'shop', synced: true, path: shopFile },
    ],
  });
});

test('sesh sync --json is one document, and a second one finds nothing new', async () => {
  expect(await json('sync', '--root', transcripts)).toMatchObject({
    files: { seen: 2, new: 0, grown: 0, unchanged: 2 },
    problems: [],
    dry_run: false,
    store,
  });
});

describe('sesh report', () => {
  test('--stdout with --out prints the page and writes what it writes without --stdout', async () => {
    const [both, written] = [join(machine, 'report-both'), join(machine, 'report-written')];
    const page = await sesh('report', '--since', '3d', '--stdout', '--out', both);
    expect(page.stdout).toMatch(/^# /);
    await sesh('report', '--since', '3d', '--out', written);
    expect(readdirSync(both)).toEqual(readdirSync(written));
    expect(readFileSync(join(both, '2026-02-11.md'))).toEqual(readFileSync(join(written, '2026-02-11.md')));
  });

  test('--stdout prints the page, --json its value, and neither writes a file', async () => {
    const page = await sesh('report', '--since', '3d', '--stdout');
    expect({ code: page.code, stderr: page.stderr }).toEqual({ code: 0, stderr: '' });
    expect(page.stdout).toMatch(/^# /);
    expect(page.stdout).not.toContain('\u001b');
    expect(await json('report', '--since', '3d')).toMatchObject({
      format: 'sesh-report-2',
      window: { since: '2026-02-08T16:00:00.000000Z', until: '2026-02-11T16:00:00.000000Z', zone: 'UTC' },
      figures: { sessions: 2, active_s: 100, tool_calls: 2, tool_errors: 1 },
    });
  });

  test('writes the page and its value under the last day of the window', async () => {
    const out = join(machine, 'reports');
    const { code, stdout } = await sesh('report', '--since', '2026-02-09', '--until', '2026-02-10', '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(out, '2026-02-09.md')}\n` });
    expect(readdirSync(out).toSorted()).toEqual(['2026-02-09.json', '2026-02-09.md', '2026-02-09.svg']);
    expect(JSON.parse(readFileSync(join(out, '2026-02-09.json'), 'utf8'))).toMatchObject({ figures: { sessions: 1 } });
  });
});

describe('sesh nightly', () => {
  test('syncs, writes the report, and says nothing when all is well and nobody looks', async () => {
    const out = join(machine, 'nightly');
    expect(await sesh('nightly', '--root', transcripts, '--out', out)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readdirSync(out).toSorted()).toEqual(['2026-02-11.json', '2026-02-11.md', '2026-02-11.svg']);
  });

  test('--json is the record of the run', async () => {
    const out = join(machine, 'nightly-json');
    expect(await json('nightly', '--root', transcripts, '--out', out)).toEqual({
      alerts: [],
      started_at: '2026-02-11T16:00:00.000Z',
      took_s: 0,
      exit_code: 0,
      steps: [
        { name: 'sync', exit_code: 0, summary: '2 files, 0 new, 0 grown' },
        { name: 'report', exit_code: 0, summary: join(out, '2026-02-11.md') },
        { name: 'tidy', exit_code: 0, summary: '0 files of old versions removed' },
      ],
    });
  });

  test.each(['cron', 'systemd', 'launchd'])(
    '--print %s runs nothing and fills in absolute paths',
    async (scheduler) => {
      const { code, stdout, stderr } = await sesh('nightly', '--print', scheduler, '--out', '/srv/reports');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const path of [process.execPath, store, join(machine, 'home'), '/srv/reports'])
        expect(stdout).toContain(path);
      expect(stdout).not.toMatch(/@[A-Z]+@/);
    },
  );
});

test('the beginning of a window belongs to it, its end does not', async () => {
  const start = '2026-02-10T08:00:00Z';
  expect(await json('sessions', '--since', start)).toMatchObject({
    total: 1,
    sessions: [{ session_id: api, prompts: 1 }],
  });
  expect(await json('sessions', '--until', start)).toMatchObject({ total: 1, sessions: [{ session_id: shop }] });
});
