import { describe, expect, test } from 'vitest';
import { hintOf, type Agent, type SourceHint, type Surroundings } from '../../../src/agents/agent.ts';
import type { FolderCollection } from '../../../src/agents/collection.ts';
import { opencode } from '../../../src/agents/opencode/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

describe('a database is recognised by its name', () => {
  test.each<[string, boolean]>([
    ['opencode.db', true],
    ['opencode-dev.db', true],
    ['ann/.local/share/opencode/opencode.db', true],
    ['opencode.db-wal', false],
    ['opencode.db.bak', false],
    ['kilo.db', false],
    ['my-opencode.db', false],
    ['opencode/other.db', false],
    ['opencode.sqlite', false],
  ])('%s', (path, expected) => {
    expect(opencode.collections.some((each) => each.kind === 'database' && each.recognise(path))).toBe(expected);
  });
});

describe('a file of the old storage stands for its session', () => {
  test.each<[string, { folder: string; member: string } | null]>([
    ['storage/session/p1/ses_1.json', { folder: 'storage', member: 'ses_1' }],
    ['storage/session/global/ses_1.json', { folder: 'storage', member: 'ses_1' }],
    ['storage/message/ses_1/msg_1.json', { folder: 'storage', member: 'ses_1' }],
    [
      'ann/.local/share/opencode/storage/message/ses_1/msg_1.json',
      { folder: 'ann/.local/share/opencode/storage', member: 'ses_1' },
    ],
    ['project/-home-ann/storage/session/info/ses_1.json', { folder: 'project/-home-ann/storage', member: 'ses_1' }],
    [
      'project/-home-ann/storage/session/message/ses_1/msg_1.json',
      { folder: 'project/-home-ann/storage', member: 'ses_1' },
    ],
    ['storage/part/msg_1/prt_1.json', null],
    ['storage/todo/ses_1.json', null],
    ['storage/session_diff/ses_1.json', null],
    ['storage/project/p1.json', null],
    ['storage/session/p1/other.json', null],
    ['mystorage/session/p1/ses_1.json', null],
    ['ann/kilo/storage/session/p1/ses_1.json', null],
    ['', null],
  ])('%s', (path, expected) => {
    expect(storageOf(opencode).recognise(path)).toEqual(expected);
  });
});

describe('the files of a session', () => {
  const list = (tree: Readonly<Record<string, readonly string[]>>) => (directory: string) => tree[directory] ?? [];

  test('are its own, then each message with its parts', () => {
    const tree = {
      session: ['p0', 'p1'],
      'session/p0': ['ses_0.json'],
      'session/p1': ['ses_1.json', 'ses_2.json'],
      'message/ses_1': ['msg_1.json', 'msg_2.json', 'notes.txt'],
      'part/msg_1': ['prt_1.json'],
      'part/msg_2': ['prt_2.json', 'prt_3.json'],
    };
    expect(storageOf(opencode).files('ses_1', list(tree))).toEqual([
      'session/p1/ses_1.json',
      'message/ses_1/msg_1.json',
      'part/msg_1/prt_1.json',
      'message/ses_1/msg_2.json',
      'part/msg_2/prt_2.json',
      'part/msg_2/prt_3.json',
    ]);
  });

  test('lie below `session` in the first builds', () => {
    const tree = {
      session: ['info', 'message', 'part'],
      'session/info': ['ses_1.json'],
      'session/message': ['ses_1'],
      'session/message/ses_1': ['msg_1.json'],
      'session/part/ses_1/msg_1': ['prt_1.json'],
    };
    expect(storageOf(opencode).files('ses_1', list(tree))).toEqual([
      'session/info/ses_1.json',
      'session/message/ses_1/msg_1.json',
      'session/part/ses_1/msg_1/prt_1.json',
    ]);
  });

  test('are none when the session is gone', () => {
    expect(storageOf(opencode).files('ses_1', list({}))).toEqual([]);
  });
});

test('no file is a source by its path alone', () => {
  expect(['opencode.db', 'storage/session/p1/ses_1.json', 'export.json'].map(opencode.recognise)).toEqual([
    null,
    null,
    null,
  ]);
});

describe('the path of a source still tells whose it is', () => {
  const document = (user: string | null): SourceHint => hintOf({ form: 'document', user });
  test.each<[string, SourceHint]>([
    ['export.json', document(null)],
    ['ann/export.json', document('ann')],
    ['ann/work/export.json', document('ann')],
    ['ann/.local/share/opencode/opencode.db', hintOf({ user: 'ann' })],
    ['backup/ann/opencode/storage/session/p1/ses_1.json', hintOf({ user: 'ann' })],
    ['ann/storage/message/ses_1/msg_1.json', hintOf({ user: 'ann' })],
    ['opencode/opencode.db', hintOf({})],
    ['.local/share/opencode/opencode.db', hintOf({})],
  ])('%s', (path, expected) => {
    expect(opencode.hintFor(path)).toEqual(expected);
  });
});

describe('an export is told by its one record', () => {
  const info = { id: 'ses_1', projectID: 'p1', directory: '/w', title: 'x', time: { created: 1, updated: 2 } };
  const message = { info: { id: 'msg_1', role: 'user', time: { created: 1 } }, parts: [] };
  test.each<[string, readonly Json[], boolean]>([
    ['a session', [{ info, messages: [message] }], true],
    ['a session without messages', [{ info, messages: [] }], true],
    [
      'two records',
      [
        { info, messages: [message] },
        { info, messages: [message] },
      ],
      false,
    ],
    ['nothing', [], false],
    ['no object', ['text'], false],
    ['Gemini CLI', [{ sessionId: 's', projectHash: 'h', messages: [{ type: 'user', content: 'hi' }] }], false],
    ['sesh (Go)', [{ id: 's', turns: [] }], false],
    ['Amp', [{ id: 'T-1', messages: [{ role: 'user', content: [] }] }], false],
    ['a message without parts', [{ info, messages: [{ info: message.info }] }], false],
    ['a session without a directory', [{ info: { id: 'ses_1', time: {} }, messages: [] }], false],
    ['one JSON object a line', [{ id: 'msg_1', sessionID: 'ses_1', role: 'user', content: 'hi' }], false],
  ])('%s', (_, records, expected) => {
    expect(opencode.recogniseRecords(recordsOf(records))).toBe(expected);
  });
});

describe('the roots', () => {
  const linux: Surroundings = { env: {}, home: '/home/ann', platform: 'linux' };
  const rootsOf = (env: Surroundings['env']): string[] =>
    opencode.roots({ ...linux, env }).map(({ path, origin }) => `${origin} ${path}`);

  test.each<[string, Surroundings['env'], string[]]>([
    ['are the data directory', {}, ['default /home/ann/.local/share/opencode']],
    ['follow XDG_DATA_HOME', { XDG_DATA_HOME: '~/data' }, ['XDG_DATA_HOME /home/ann/data/opencode']],
    [
      'have the database that OPENCODE_DB names',
      { OPENCODE_DB: '/srv/agent.db' },
      ['default /home/ann/.local/share/opencode', 'OPENCODE_DB /srv/agent.db'],
    ],
    [
      'have a database with a name of its own in the data directory',
      { OPENCODE_DB: 'mine.db' },
      ['default /home/ann/.local/share/opencode', 'OPENCODE_DB /home/ann/.local/share/opencode/mine.db'],
    ],
    [
      'do not name twice what the data directory holds',
      { OPENCODE_DB: 'opencode-dev.db' },
      ['default /home/ann/.local/share/opencode'],
    ],
    ['have no database in memory', { OPENCODE_DB: ':memory:' }, ['default /home/ann/.local/share/opencode']],
  ])('%s', (_, env, expected) => {
    expect(rootsOf(env)).toEqual(expected);
  });

  test('on Windows', () => {
    const roots = opencode.roots({ env: { OPENCODE_DB: 'D:\\x.db' }, home: 'C:\\Users\\ann', platform: 'win32' });
    expect(roots.map(({ path }) => path)).toEqual(['C:\\Users\\ann\\.local\\share\\opencode', 'D:\\x.db']);
  });
});

function storageOf(agent: Agent): FolderCollection {
  const storage = agent.collections.find((each): each is FolderCollection => each.kind === 'folder');
  if (storage === undefined) throw new Error('Expected a folder of small files');
  return storage;
}
