import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cline } from '../../../src/agents/cline/index.ts';
import { kiloCode } from '../../../src/agents/kilo-code/index.ts';
import { rooCode } from '../../../src/agents/roo-code/index.ts';
import { discoverSources, type SourceFile } from '../../../src/discover/discover.ts';
import { SourceOpener } from '../../../src/read/open.ts';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-cline-'));
const agents = [cline, rooCode, kiloCode];
const uuid = '0a000000-0000-4000-8000-000000000001';

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

function treeOf(name: string, files: Readonly<Record<string, string>>): string {
  const root = path.join(scratch, name);
  for (const [file, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), content);
  }
  return root;
}

function found(root: string): readonly SourceFile[] {
  return discoverSources({ roots: [root], agents }, { env: {}, home: scratch, platform: 'linux' }).sources;
}

const editor = '.config/Code/User/globalStorage';
const message = { ts: 1_777_885_200_000, type: 'say', say: 'text', text: 'hi' };
const roo = { ...message, say: 'checkpoint_saved' };

describe('a collected tree of several people', () => {
  const root = treeOf('collected', {
    [`ann/${editor}/saoudrizwan.claude-dev/tasks/1777885200000/ui_messages.json`]: '[]',
    [`ann/${editor}/saoudrizwan.claude-dev/tasks/1777885200000/api_conversation_history.json`]: '[]',
    [`ann/${editor}/rooveterinaryinc.roo-cline/tasks/${uuid}/ui_messages.json`]: '[]',
    [`ann/${editor}/rooveterinaryinc.roo-cline/tasks/${uuid}/history_item.json`]: '{}',
    [`bob/.vscode-server/data/User/globalStorage/kilocode.kilo-code/tasks/${uuid}/history_item.json`]: '{}',
    'bob/.cline/data/tasks/1777885200001/task_metadata.json': '{}',
    'bob/loose/1777885200002/ui_messages.json': JSON.stringify([message]),
    [`bob/loose/${uuid}/ui_messages.json`]: JSON.stringify([message, roo]),
    'bob/notes/ui_messages.json': '[]',
  });

  test('has each task once, with its program and its person', () => {
    const facts = found(root).map(({ agent, user, hint }) => [agent, user, hint.sessionId, hint.form]);
    expect(facts.map((fact) => fact.join(' ')).sort()).toEqual([
      'cline ann 1777885200000 lines',
      'cline bob 1777885200001 lines',
      'cline bob 1777885200002 document',
      `kilo-code bob ${uuid} lines`,
      `roo-code ann ${uuid} lines`,
      `roo-code bob ${uuid} document`,
    ]);
  });
});

test('a task is read as its files, facts before messages, and without the history that repeats it', () => {
  const root = treeOf(`tasks`, {
    [`${uuid}/ui_messages.json`]: JSON.stringify([message]),
    [`${uuid}/task_metadata.json`]: '{"model_usage":[]}',
    [`${uuid}/history_item.json`]: '{"id":',
    [`${uuid}/api_conversation_history.json`]: '[]',
  });
  const [source] = found(root);
  if (source === undefined) throw new Error('Expected the task to be found');
  const opener = new SourceOpener(scratch);
  const open = opener.open(source.path, source.hint, cline.collections);
  const lines = open.read(0, open.identity.sizeBytes).toString('utf8').trimEnd().split('\n');
  opener.close();
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { file: `${uuid}/history_item.json`, text: '{"id":' },
    { file: `${uuid}/task_metadata.json`, value: { model_usage: [] } },
    { file: `${uuid}/ui_messages.json`, value: [message] },
  ]);
});
