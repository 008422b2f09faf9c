import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { visibleText } from '../../src/core/visible.ts';
import { runHere } from '../commands/run-here.ts';
import { HOSTILE } from '../report/hostile.ts';
import { callLine, promptLine, replyLine, resultLine, uuidNumber, writeLines } from '../helpers/claude.ts';
import { runCli } from '../helpers/cli.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, treeHashes } from '../helpers/store.ts';

const root = scratchForFile();
const machine = join(root, 'machine');
const work = join(machine, 'work');
const store = join(machine, 'store');
const marker = join(root, 'ran');

const ESC = '\u001b';
const escapes = [
  `${ESC}]52;c;cm0gLXJm\u0007`,
  `${ESC}]8;;https://evil.example${ESC}\\text${ESC}]8;;${ESC}\\`,
  `${ESC}]0;title\u0007${ESC}[2J${ESC}[6n${ESC}P+q544e${ESC}\\${ESC}c`,
  '\u009b6n\u009d0;x\u009c\u0085\u0007\u0007\b\r\u000b\u000c\u007f',
  '\u202etxt\u202c\u2066a\u2069\u061c\u200b\u200d\u2060\ufeff\u00ad\u2028\u2029\u{e0041}\u3164',
].join(' ');
const shell = `$(touch ${marker}) \`touch ${marker}\` ; touch ${marker} | touch ${marker} && touch ${marker} #`;
const sql = `'; drop table events; -- "; drop view sessions; /* $1 $x :x ? */ \\'); attach '/etc/passwd'; --`;
const payload = `${escapes} ${shell} ${sql} ${HOSTILE.slice(0, 8).join(' ')}`;

/** Ids that mean something to a path, a shell, a statement or a terminal. */
const hostileIds = [
  '../../escape',
  '/etc/cron.d/escape',
  '..\\..\\escape',
  'CON',
  'nul.txt',
  '.',
  '..',
  '.hidden',
  'trailing.',
  '-rf',
  '--output=x',
  'x'.repeat(300),
  "s'; drop table events; --",
  `$(touch ${marker})`,
  `a${ESC}[2Jb\u0007`,
  'line\nfeed',
  '%2e%2e%2f',
  '~root',
  '__proto__',
  'constructor',
];

/** Names of files, each in a folder of such a name. */
const hostileNames = [
  '-rf',
  `$(touch ${marker.replaceAll('/', '\u2215')})`,
  `${ESC}]52;c;eA==\u0007`,
  'a\nb',
  '\u202egpj',
  "'; drop",
  '*',
];

function linesOf(session: string, index: number): readonly string[] {
  let next = index * 100;
  const common = (minute: number) => ({
    session,
    uuid: uuidNumber((next += 1)),
    at: `2026-02-10T10:${String(minute).padStart(2, '0')}:00.000Z`,
    cwd: `/home/ann/${payload}`,
    extra: { gitBranch: payload, version: payload, slug: payload },
  });
  const failing = (minute: number): readonly string[] => [
    callLine(common(minute), `call-${index}-${minute}`, 'Bash', { command: `run ${payload}`, description: payload }),
    resultLine(common(minute + 1), `call-${index}-${minute}`, `Exit code 127\n${payload}: command not found`, true),
  ];
  return [
    promptLine(common(0), payload),
    ...failing(1),
    ...failing(3),
    ...failing(5),
    replyLine(common(8), { text: payload, messageId: `msg-${index}`, outputTokens: 5 }),
    JSON.stringify({ ...JSON.parse(promptLine(common(9), 'x')), type: payload }),
    JSON.stringify({ ...JSON.parse(promptLine(common(10), 'y')), message: { model: payload, role: payload } }),
    `{"type":"${escapes.slice(0, 5).replaceAll(ESC, '\\u001b')} torn`,
  ];
}

const outputs: { readonly what: string; readonly text: string }[] = [];

/** Runs a command of this program in this process and keeps what it wrote. */
async function sesh(...argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  const before = process.cwd();
  process.chdir(work);
  try {
    const { code, stdout, stderr } = await runHere(argv, { env: { SESH_HOME: store }, home: join(machine, 'home') });
    outputs.push({ what: argv.join(' '), text: stdout }, { what: `${argv.join(' ')} (stderr)`, text: stderr });
    return { code, stdout };
  } finally {
    process.chdir(before);
  }
}

beforeAll(async () => {
  mkdirSync(work, { recursive: true });
  for (const [index, id] of hostileIds.entries()) {
    const name = hostileNames[index % hostileNames.length] ?? 'name';
    writeLines(join(machine, 'in', `projects-${name}`, `${name}${index}.jsonl`), linesOf(id, index + 1));
  }
  const seen = ['--since', 'all'];
  await sesh('sync', '--root', join(machine, 'in'), '--verbose', '--debug');
  await sesh('sync', '--root', join(machine, 'in'), '--json');
  await sesh('discover', '--root', join(machine, 'in'));
  await sesh('discover', '--root', join(machine, 'in'), '--json');
  for (const command of ['stats', 'sessions']) await sesh(command);
  await sesh('sessions', '--json');
  for (const id of hostileIds.slice(13, 15)) await sesh('show', '--', id);
  await sesh('show', '--events', '--json', '--', hostileIds[14] ?? '');
  await sesh('report', ...seen, '--privacy', 'full', '--issues', 'drafts', '--out', 'reports');
  await sesh('judge', 'export-prompts', 'prompts', '--last', '50');
  for (const name of readdirSync(join(machine, 'in')).slice(0, 3)) {
    for (const file of readdirSync(join(machine, 'in', name)).slice(0, 1))
      await sesh('restore', join(machine, 'in', name, file));
  }
  await sesh('doctor', '--root', join(machine, 'in'));
  for (const id of hostileIds.slice(18)) await sesh('restore', '--', id);
  await sesh('sessions', '--project', payload, '--branch', payload, '--user', sql, '--model', sql, '--agent', payload);
  for (const text of [payload, ...hostileIds]) {
    await sesh('stats', '--since', text);
    await sesh(text, '--help');
  }
}, 300_000);

describe('what a transcript says', () => {
  test('reaches the store as it was written (T08)', async () => {
    const rows = await eventRows(
      store,
      "select distinct text, git_branch from events where kind = 'prompt' and text <> 'y'",
    );
    expect(rows).toEqual([{ text: payload, git_branch: payload }]);
    const tables = await eventRows(store, 'select count(distinct session_id)::int as sessions from events');
    expect(tables).toEqual([{ sessions: hostileIds.length }]);
    expect(await eventFiles(store)).not.toEqual([]);
  });

  test('never reaches a terminal or a pipe with a control or an invisible character in it (T23)', () => {
    expect(outputs.filter(({ text }) => text !== visibleText(text)).map(({ what }) => what)).toEqual([]);
    expect(outputs.filter(({ text }) => text !== '').length).toBeGreaterThan(50);
    // It was there.
    expect(outputs.filter(({ text }) => /␛]52|\\u001b]52/.test(text)).length).toBeGreaterThan(5);
  });

  test('never reaches them from the built program and its answers to SQL either (T23)', async () => {
    const asked = 'select session_id, text, git_branch from events order by all limit 40';
    for (const format of ['table', 'csv']) {
      const { code, stdout, stderr } = await runCli(['sql', asked, '--format', format], { machine });
      expect(code).toBe(0);
      expect(stdout).toBe(visibleText(stdout));
      expect(stderr).toBe(visibleText(stderr));
    }
  });

  test('names no file and no folder (T05)', () => {
    const places = Object.keys(treeHashes(work)).flatMap((path) => path.split('/'));
    expect(places.length).toBeGreaterThan(hostileIds.length);
    expect(places.filter((name) => !/^\w[\w.@-]*$/.test(name) || /^con\b|^nul\b/i.test(name))).toEqual([]);
    // Nothing lies beside the places that were named.
    expect(readdirSync(root)).toEqual(['machine']);
    expect(readdirSync(machine).toSorted()).toEqual(
      ['home', 'in', 'store', 'work'].filter((name) => existsSync(join(machine, name))),
    );
    expect(
      readdirSync(work).filter((name) => !/^(reports|drafts|prompts|transcript-[0-9a-f]{12})$/.test(name)),
    ).toEqual([]);
    for (const path of Object.keys(treeHashes(store))) {
      expect(path).toMatch(/^[\w./=-]+$/);
      expect(path.split('/')).not.toContain('..');
    }
  });

  test('is never run: not by a shell, not by a pager, not by an editor (T54)', () => {
    expect(existsSync(marker)).toBe(false);
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: join(machine, 'home'),
      SESH_HOME: store,
      ...Object.fromEntries(
        ['PAGER', 'SESH_PAGER', 'LESSOPEN', 'EDITOR', 'VISUAL', 'BROWSER'].map((name) => [name, `touch ${marker} #`]),
      ),
    };
    const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
    // A terminal of its own, where there is a program that makes one: that is where others start a pager.
    const command = `${process.execPath} ${program} sessions`;
    const ran = spawnSync('script', ['-qec', command, '/dev/null'], { env, encoding: 'utf8' });
    expect(ran.error === undefined ? ran.stdout : 'ID').toContain('ID');
    expect(existsSync(marker)).toBe(false);
  });
});

test('only git and the process for SQL are ever started, both without a shell (T54, T55)', () => {
  const source = join(import.meta.dirname, '..', '..', 'src');
  const starting = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }))
    .filter(({ text }) => text.includes('child_process'));
  expect(starting.map(({ path }) => path).toSorted()).toEqual(['commands/sql-process.ts', 'fixes/git.ts']);
  for (const { text } of starting) {
    expect(text).toMatch(/import \{ (?:execFile|fork) \} from 'node:child_process'/);
    expect(text).not.toMatch(/shell:/);
  }
});
