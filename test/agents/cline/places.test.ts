import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { cline } from '../../../src/agents/cline/index.ts';

const editor = '.config/Code/User/globalStorage/saoudrizwan.claude-dev/tasks';
const uuid = '0a000000-0000-4000-8000-000000000001';

function folderOf(path: string): unknown {
  return cline.collections.map((collection) => (collection.kind === 'folder' ? collection.recognise(path) : undefined));
}

describe('a file of a task stands for its folder', () => {
  test.each([
    [`ann/${editor}/${uuid}/ui_messages.json`, `ann/${editor}`, uuid],
    [`${editor}/1777885200000/history_item.json`, editor, '1777885200000'],
    [
      'Code/User/globalStorage/saoudrizwan.claude-dev/tasks/odd/task_metadata.json',
      'Code/User/globalStorage/saoudrizwan.claude-dev/tasks',
      'odd',
    ],
    [`${uuid}/ui_messages.json`, '', uuid],
  ])('%s', (path, folder, member) => {
    expect(folderOf(path)).toEqual([{ folder, member }]);
  });
});

describe('other files do not', () => {
  test.each([
    `ann/${editor}/${uuid}/api_conversation_history.json`,
    `ann/${editor}/${uuid}/checkpoints/ui_messages.json`,
    `ann/.config/Code/User/globalStorage/other.extension/tasks/${uuid}/ui_messages.json`,
    'notes/ui_messages.json',
    'ui_messages.json',
    '',
  ])('%s', (path) => {
    expect(folderOf(path)).toEqual([null]);
    expect(cline.recognise(path)).toBeNull();
  });
});

test('a packed file is a source of its own', () => {
  const hint = hintOf({ sessionId: uuid, user: 'ann', form: 'document' });
  expect(cline.recognise(`ann/${editor}/${uuid}/ui_messages.json.gz`)).toEqual(hint);
  expect(cline.recognise(`ann/${editor}/${uuid}/history_item.json.zst`)).toEqual(hint);
  expect(cline.recognise(`ann/${editor}/${uuid}/ui_messages.json`)).toBeNull();
});

test('every editor has a folder of its own', () => {
  const at = (platform: NodeJS.Platform, home: string, env: Record<string, string>): string[] =>
    cline.roots({ env, home, platform }).map(({ path, origin }) => `${origin} ${path}`);
  const linux = at('linux', '/home/ann', {});
  expect(linux).toContain('default /home/ann/.config/Code - Insiders/User/globalStorage/saoudrizwan.claude-dev/tasks');
  expect(linux).toContain('default /home/ann/.cursor-server/data/User/globalStorage/saoudrizwan.claude-dev/tasks');
  const mac = at('darwin', '/Users/ann', {});
  expect(mac).toContain(
    'default /Users/ann/Library/Application Support/Cursor/User/globalStorage/saoudrizwan.claude-dev/tasks',
  );
  const windows = at('win32', 'C:\\Users\\ann', { APPDATA: 'D:\\Roaming' });
  expect(windows).toContain('APPDATA D:\\Roaming\\VSCodium\\User\\globalStorage\\saoudrizwan.claude-dev\\tasks');
  const bare = at('win32', 'C:\\Users\\ann', {});
  expect(bare).toContain(
    'default C:\\Users\\ann\\AppData\\Roaming\\Code\\User\\globalStorage\\saoudrizwan.claude-dev\\tasks',
  );
});

describe('the program keeps tasks under a folder of its own', () => {
  test.each([
    [{}, 'default /home/ann/.cline/data/tasks'],
    [{ CLINE_DIR: '~/c' }, 'CLINE_DIR /home/ann/c/data/tasks'],
    [{ CLINE_DIR: '/c', CLINE_DATA_DIR: '/d' }, 'CLINE_DATA_DIR /d/tasks'],
  ])('%j', (env, expected) => {
    const roots = cline.roots({ env, home: '/home/ann', platform: 'linux' });
    expect(roots.map(({ path, origin }) => `${origin} ${path}`)).toContain(expected);
  });

  test('in a collected tree as well', () => {
    const path = 'ann/.cline/data/tasks/1777885200000/ui_messages.json';
    expect(folderOf(path)).toEqual([{ folder: 'ann/.cline/data/tasks', member: '1777885200000' }]);
    expect(cline.recognise(`${path}.gz`)).toEqual(
      hintOf({ sessionId: '1777885200000', user: 'ann', form: 'document' }),
    );
  });
});

test('the path of a file that its records gave away still tells what it can', () => {
  expect(cline.hintFor(`bob/${uuid}/messages.json`)).toEqual(
    hintOf({ sessionId: uuid, user: 'bob', form: 'document' }),
  );
  expect(cline.hintFor('messages.json')).toEqual(hintOf({ form: 'document' }));
});
