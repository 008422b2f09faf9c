import { createHash, createHmac, getHashes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  callLine,
  minute,
  promptLine,
  replyLine,
  resultLine,
  sessionNumber,
  uuidNumber,
  writeLines,
} from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const token = ['gh', 'p_Q7xR2mK9pL4vT8wZ3nB6cD1fG5hJ0sYaQ7xR'].join('');
const houseMade = 'k9fQ2mX7vLp4Rt8wZ3nB6cD1';
const session = sessionNumber(1);
const common = (n: number) => ({ session, uuid: uuidNumber(n), at: minute(n) });

function tree(lines: readonly string[]): { readonly root: string; readonly store: string; readonly file: string } {
  const folder = scratch();
  const root = join(folder, 'projects');
  const file = join(root, '-home-ann-shop', `${session}.jsonl`);
  writeLines(file, lines);
  return { root, store: join(folder, 'store'), file };
}

async function texts(store: string): Promise<string> {
  return JSON.stringify(await eventRows(store, 'select * from events order by seq'));
}

test('a secret is in no column of the events, also where only a later line gives it away, and equal secrets have equal marks (T15)', async () => {
  const { root, store } = tree([
    promptLine(common(1), `what is ${houseMade} for?`),
    callLine(common(2), 'toolu_1', 'Bash', { command: `curl -H "X: ${token}" https://x.test` }),
    resultLine(
      common(3),
      'toolu_1',
      `${'x'.repeat(390)} ${token} ${'y'.repeat(3000)} SERVICE_TOKEN=${houseMade}`,
      true,
    ),
    callLine({ ...common(4), cwd: `/srv/${token}` }, 'toolu_2', 'Write', {
      file_path: `/tmp/${token}.txt`,
      content: '{}',
      password: 'let me in 2',
    }),
  ]);
  const summary = await syncStore({ store, roots: [root] });
  expect(summary.problems).toEqual([]);
  const shown = await texts(store);
  for (const hidden of [token, token.slice(4, 20), houseMade, houseMade.slice(0, 12)])
    expect(shown).not.toContain(hidden);
  const [row] = await eventRows(
    store,
    `select count(distinct regexp_extract(coalesce(text, '') || coalesce(command, '') || coalesce(file_path, '') || cwd, 'secret:github:[0-9a-f]{6}')) as marks,
       count(*) as events from events where concat(text, command, file_path, cwd) like '%secret:github:%'`,
  );
  expect(row).toMatchObject({ marks: '1' });
  expect(shown).toContain('what is [secret:assignment:');
});

test('a sync that finds secrets again changes no byte, and a grown session ends as a new store of the same key does', async () => {
  const lines = [
    promptLine(common(1), `what is ${houseMade} for?`),
    resultLine(common(2), 'toolu_1', 'nothing yet'),
    resultLine(common(3), 'toolu_2', `SERVICE_TOKEN=${houseMade}`),
  ];
  const { root, store, file } = tree(lines.slice(0, 2));
  await syncStore({ store, roots: [root] });
  expect(await texts(store)).toContain(houseMade);
  writeLines(file, lines);
  await syncStore({ store, roots: [root] });
  const before = treeHashes(store);
  await syncStore({ store, roots: [root] });
  expect(treeHashes(store)).toEqual(before);
  expect(await texts(store)).not.toContain(houseMade);
  const rebuilt = join(scratch(), 'store');
  const empty = join(scratch(), 'empty');
  mkdirSync(empty);
  await syncStore({ store: rebuilt, roots: [empty] });
  writeFileSync(join(rebuilt, 'redaction.key'), readFileSync(join(store, 'redaction.key')));
  await syncStore({ store: rebuilt, roots: [root] });
  expect(await eventFiles(rebuilt)).toEqual(await eventFiles(store));
});

test('with another key the marks are others, and all events are derived again (T52)', async () => {
  const { root, store } = tree([promptLine(common(1), `use ${token}`)]);
  await syncStore({ store, roots: [root] });
  const before = await texts(store);
  writeFileSync(join(store, 'redaction.key'), 'ab'.repeat(32));
  await syncStore({ store, roots: [root] });
  const after = await texts(store);
  const mark = /\[secret:github:[0-9a-f]{6}\]/;
  expect(after).toMatch(mark);
  expect(mark.exec(after)?.[0]).not.toBe(mark.exec(before)?.[0]);
});

test('who has the marks and the right guess, but not the key, cannot tell that it is right (T52)', async () => {
  const marks: string[] = [];
  for (let stores = 0; stores < 3; stores += 1) {
    const { root, store } = tree([promptLine(common(1), `use ${token}`)]);
    await syncStore({ store, roots: [root] });
    marks.push(/github:([0-9a-f]{6})/.exec(await texts(store))?.[1] ?? '');
  }
  const guesses = getHashes().flatMap((algorithm) => {
    try {
      return [createHash(algorithm), createHmac(algorithm, ''), createHmac(algorithm, token)].map((hash) =>
        hash.update(token).digest('hex'),
      );
    } catch {
      return []; // not one that gives a digest of a fixed length
    }
  });
  expect(guesses.length).toBeGreaterThan(50);
  expect(new Set(marks).size).toBe(3);
  expect(marks.filter((mark) => guesses.some((guess) => guess.startsWith(mark) || guess.endsWith(mark)))).toEqual([]);
});

test('half a secret at the end of one text and half at the beginning of the next are both hidden', async () => {
  const reply = (n: number, text: string): string =>
    replyLine(common(n), { text, messageId: `msg_${n}`, outputTokens: 1 });
  const { root, store } = tree([
    reply(1, `The token is ${token.slice(0, 17)}`),
    reply(2, `${token.slice(17)} and that is it`),
  ]);
  await syncStore({ store, roots: [root] });
  const shown = await texts(store);
  expect(shown).not.toContain(token.slice(4, 17));
  expect(shown).not.toContain(token.slice(17));
  expect(shown).toContain('and that is it');
});

test('the first bytes of a span that could not be read are kept without secrets; the archive keeps the bytes as they were', async () => {
  const { root, store } = tree([
    promptLine(common(1), 'hello'),
    `{"broken": "${token}" "${'z'.repeat(300)}`,
    promptLine(common(2), 'bye'),
  ]);
  await syncStore({ store, roots: [root] });
  const quarantine = readdirSync(join(store, 'quarantine')).filter((name) => name.endsWith('.parquet'));
  expect(quarantine.length).toBe(1);
  for (const name of quarantine) {
    const bytes = readFileSync(join(store, 'quarantine', name)).toString('latin1');
    expect(bytes).not.toContain(token.slice(4, 20));
    expect(bytes).toContain('[secret:github:');
  }
});

test('a secret of the environment that no rule knows is hidden in what was said before and after it was set, also when it is gone', async () => {
  const own = 'marsh/heron-77-tulip';
  const { root, store } = tree([
    promptLine(common(1), `log in with ${own}, please`),
    promptLine(common(2), 'nothing/heron-77-tulip'),
  ]);
  await syncStore({ store, roots: [root] });
  expect(await texts(store)).toContain(own);
  const env = {
    SHOP_API_KEY: own,
    GITHUB_TOKEN: token,
    VSCODE_TOKEN: 'window-0123456789',
    API_KEY_PATH: '/home/ann/key-1234567',
  };
  await syncStore({ store, roots: [root], env });
  const shown = await texts(store);
  expect(shown).not.toContain(own);
  expect(shown).toMatch(/log in with \[secret:known:[0-9a-f]{6}\], please/);
  const known = readFileSync(join(store, 'known-secrets.json'), 'utf8');
  expect(known).not.toContain('heron');
  expect(known.match(/hash/g)).toHaveLength(1);
  const hashes = treeHashes(store);
  await syncStore({ store, roots: [root] });
  await syncStore({ store, roots: [root], env });
  expect(treeHashes(store)).toEqual(hashes);
});
