import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { openSource, UnreadableSource } from '../../src/read/source-file.ts';
import { openDatabaseCopy } from '../../src/read/database.ts';
import { promptLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { writeSqlite } from '../helpers/sqlite.ts';
import { eventRows, syncStore, treeHashes } from '../helpers/store.ts';

// Accounts that no machine has.
const ann = 71_001;
const bob = 71_002;
const mallory = 71_003;

function needsRoot({ skip }: TestContext): void {
  skip(process.geteuid?.() !== 0, 'only root can make files of several users');
}

/** A scratch folder that everybody may enter, as `/home` is. */
function openFolder(): string {
  const folder = scratch();
  fs.chmodSync(folder, 0o755);
  return folder;
}

function give(path: string, uid: number): void {
  for (const entry of fs.readdirSync(path, { recursive: true, encoding: 'utf8' }))
    fs.lchownSync(join(path, entry), uid, uid);
  fs.lchownSync(path, uid, uid);
}

let sessions = 0;
function line(text: string): string {
  sessions += 1;
  return promptLine({ session: sessionNumber(sessions), uuid: uuidNumber(sessions), at: '2026-02-05T10:00:00Z' }, text);
}

/** A home with one transcript of mode 0600 in it. */
function writeHome(homes: string, name: string, uid: number, text = `words of ${name}`): string {
  const home = join(homes, name);
  const words = line(text);
  const file = join(home, '.claude', 'projects', '-shop', `${sessionNumber(sessions)}.jsonl`);
  writeLines(file, [words]);
  fs.chmodSync(file, 0o600);
  give(home, uid);
  fs.chmodSync(home, 0o700);
  return file;
}

const wordsOfUsers = 'select "user", text from events where kind = \'prompt\' order by all';

describe('root collects the homes of several users', () => {
  test('and each transcript counts as that of the account which owns it (T40)', async (context) => {
    needsRoot(context);
    const root = openFolder();
    const homes = join(root, 'home');
    writeHome(homes, 'ann', ann);
    writeHome(homes, 'bob', bob);
    writeHome(homes, 'mallory', mallory);
    // In her own home everybody can name a folder after somebody else.
    const forged = join(homes, 'mallory', 'ann');
    writeLines(join(forged, '.claude', 'projects', '-shop', 'forged.jsonl'), [line('forged')]);
    give(forged, mallory);
    const summary = await syncStore({ store: join(root, 'store'), roots: [homes] });
    expect(await eventRows(join(root, 'store'), wordsOfUsers)).toEqual([
      { user: 'ann', text: 'words of ann' },
      { user: 'bob', text: 'words of bob' },
      { user: 'mallory', text: 'words of mallory' },
      { user: `uid-${mallory}`, text: 'forged' },
    ]);
    expect(summary.warnings).toEqual([
      `A folder in ${homes} names ann, but the files belong to uid-${mallory}: they count as uid-${mallory}'s (1 file).`,
    ]);
  });

  test('and in a copy that belongs to root the folders say whose it is', async (context) => {
    needsRoot(context);
    const root = openFolder();
    writeHome(join(root, 'copies'), 'ann', 0);
    const { warnings } = await syncStore({ store: join(root, 'store'), roots: [join(root, 'copies')] });
    expect(warnings).toEqual([]);
    expect(await eventRows(join(root, 'store'), wordsOfUsers)).toEqual([{ user: 'ann', text: 'words of ann' }]);
  });

  test('into a store that none of them can read, however open the homes are (T38)', async (context) => {
    needsRoot(context);
    const root = openFolder();
    const homes = join(root, 'home');
    const files = [writeHome(homes, 'ann', ann), writeHome(homes, 'bob', bob)];
    const before = treeHashes(homes);
    const store = join(root, 'store');
    const mask = process.umask(0);
    await syncStore({ store, roots: [homes] });
    process.umask(mask);
    const tree = [
      store,
      ...fs.readdirSync(store, { recursive: true, encoding: 'utf8' }).map((name) => join(store, name)),
    ];
    const open = tree.map((path) => fs.statSync(path)).filter(({ mode, uid }) => (mode & 0o077) !== 0 || uid !== 0);
    expect(open).toEqual([]);
    // The modes are what counts, but a second account tries it, too.
    const asAnn = (command: string, ...args: readonly string[]): number | null =>
      spawnSync(command, args, { uid: ann, gid: ann, stdio: 'ignore', cwd: '/' }).status;
    expect(asAnn('ls', root)).toBe(0);
    expect(asAnn('ls', store)).not.toBe(0);
    for (const path of tree.filter((path) => fs.statSync(path).isFile())) expect(asAnn('cat', path)).not.toBe(0);
    expect(treeHashes(homes)).toEqual(before);
    expect(files.map((file) => fs.statSync(file).uid)).toEqual([ann, bob]);
  });

  test('and follows no link that one of them made, to a file or to a folder (T04, T39)', async (context) => {
    needsRoot(context);
    const root = openFolder();
    const secret = join(root, 'root-only');
    writeLines(join(secret, '.claude', 'projects', '-x', 'secret.jsonl'), [line('secret of root')]);
    fs.chmodSync(secret, 0o700);
    const homes = join(root, 'home');
    const own = writeHome(homes, 'mallory', mallory);
    const folder = join(own, '..');
    fs.symlinkSync(join(secret, '.claude', 'projects', '-x', 'secret.jsonl'), join(folder, 'link.jsonl'));
    fs.symlinkSync('/etc/shadow', join(folder, 'shadow.jsonl'));
    fs.symlinkSync(join(secret, '.claude', 'projects', '-x'), join(folder, '..', '-linked'));
    fs.symlinkSync(secret, join(homes, 'mallory', 'all'));
    give(join(homes, 'mallory'), mallory);
    await syncStore({ store: join(root, 'store'), roots: [homes] });
    expect(await eventRows(join(root, 'store'), 'select text from events')).toEqual([{ text: 'words of mallory' }]);
    // A place that is named as a link of hers is not searched either.
    const named = join(homes, 'mallory', 'all');
    const { skipped, files } = await syncStore({ store: join(root, 'other'), roots: [named] });
    expect(files.seen).toBe(0);
    expect(skipped).toEqual([
      { path: named, reason: `${named} is a link that its owner made to another person's folder` },
    ]);
  });

  test("and reads no hard link to another person's file, but that file itself (T04, T39)", async (context) => {
    needsRoot(context);
    const root = openFolder();
    const homes = join(root, 'home');
    const victim = writeHome(homes, 'bob', bob);
    const own = writeHome(homes, 'ann-mallory', mallory);
    const folder = join(own, '..');
    const link = join(folder, `${sessionNumber(99)}.jsonl`);
    const unnamed = join(folder, 'a.jsonl');
    for (const place of [link, unnamed]) fs.linkSync(victim, place);
    const summary = await syncStore({ store: join(root, 'store'), roots: [homes] });
    expect(summary.skipped).toEqual([
      { path: link, reason: "is a hard link to another person's file" },
      { path: unnamed, reason: `${unnamed} is a hard link to another person's file.` },
    ]);
    expect(await eventRows(join(root, 'store'), wordsOfUsers)).toEqual([
      { user: 'ann-mallory', text: 'words of ann-mallory' },
      { user: 'bob', text: 'words of bob' },
    ]);
    expect(() => openSource(link)).toThrow(UnreadableSource);
  });
});

describe('what is no regular file', () => {
  test('in a tree of transcripts is neither read nor waited for (T04)', async (context) => {
    const root = scratch();
    const folder = join(root, 'in', 'projects', '-shop');
    writeLines(join(folder, 'real.jsonl'), [line('real')]);
    const made = spawnSync('mkfifo', [join(folder, 'pipe.jsonl')]).status === 0;
    context.skip(!made, 'there is no mkfifo');
    if (process.geteuid?.() === 0) spawnSync('mknod', [join(folder, 'zero.jsonl'), 'c', '1', '5']);
    fs.mkdirSync(join(folder, 'folder.jsonl'));
    fs.symlinkSync('/proc/self/environ', join(folder, 'environ.jsonl'));
    const { files } = await syncStore({ store: join(root, 'store'), roots: [join(root, 'in')] });
    expect(files).toMatchObject({ seen: 1, unreadable: 0 });
    const there = fs.readdirSync(folder).filter((name) => name !== 'real.jsonl');
    expect(there.length).toBeGreaterThanOrEqual(3);
    for (const name of there) expect(() => openSource(join(folder, name))).toThrow(UnreadableSource);
  });
});

test("another person's unreadable transcripts are counted, and the rest is read", async (context) => {
  needsRoot(context);
  const root = openFolder();
  const homes = join(root, 'home');
  const closed = writeHome(homes, 'ann', ann);
  fs.chmodSync(join(homes, 'ann'), 0o755);
  writeHome(homes, 'bob', bob);
  const store = join(root, 'store');
  fs.mkdirSync(store);
  fs.chownSync(store, bob, bob);
  fs.chmodSync(store, 0o700);
  process.seteuid?.(bob);
  try {
    const summary = await syncStore({ store, roots: [homes] });
    expect(summary.skipped).toEqual([{ path: closed, reason: `${closed} cannot be opened (EACCES).` }]);
    expect(await eventRows(store, 'select text from events')).toEqual([{ text: 'words of bob' }]);
  } finally {
    process.seteuid?.(0);
  }
});

describe('while another thread puts a link in the place of what is read', () => {
  const swapping = `
    const { workerData, parentPort } = require('node:worker_threads');
    const fs = require('node:fs');
    const [real, link, place] = workerData;
    const aside = place + '-aside';
    let on = true;
    parentPort.on('message', () => { on = false; });
    const turn = () => {
      for (let n = 0; n < 200; n += 1) {
        fs.renameSync(place, real); fs.renameSync(link, place);
        fs.renameSync(place, link); fs.renameSync(real, place);
      }
      if (on) setImmediate(turn); else { parentPort.close(); }
    };
    turn();`;

  /** Opens the path in both ways until the careless one has read the secret; what the careful one read must all be ours. */
  async function race(replaced: string, link: string, file: string, careful: () => string): Promise<object> {
    const worker = new Worker(swapping, { eval: true, workerData: [`${replaced}-real`, link, replaced] });
    onTestFinished(async () => void (await worker.terminate()));
    const until = Date.now() + 30_000;
    let leaked = 0;
    let refused = 0;
    let read = 0;
    while (Date.now() < until && (leaked < 3 || refused < 3 || read < 3)) {
      try {
        leaked += fs.readFileSync(file, 'utf8').includes('secret') ? 1 : 0;
      } catch {
        // Neither of the two was there.
      }
      try {
        const text = careful();
        expect(text).not.toContain('secret');
        read += 1;
      } catch (error) {
        if (!(error instanceof UnreadableSource)) throw error;
        refused += 1;
      }
    }
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('stop');
    await ended;
    return { leaked: leaked >= 3, refused: refused >= 3, read: read >= 3 };
  }

  /** Else nothing was tried. */
  const tried = { leaked: true, refused: true, read: true };

  function textOf(file: string): string {
    const source = openSource(file);
    try {
      return source.read(0, source.identity.sizeBytes).toString('utf8');
    } finally {
      source.close();
    }
  }

  test.each(['the file', 'the folder above it'])('nothing of the secret is read: %s (T07)', async (what) => {
    const root = scratch();
    const folder = join(root, 'project');
    const file = join(folder, 'a.jsonl');
    writeLines(file, ['own']);
    writeLines(join(root, 'elsewhere', 'a.jsonl'), ['secret']);
    const link = join(root, 'link');
    const isFile = what === 'the file';
    fs.symlinkSync(isFile ? join(root, 'elsewhere', 'a.jsonl') : join(root, 'elsewhere'), link);
    expect(await race(isFile ? file : folder, link, file, () => textOf(file))).toEqual(tried);
  });

  test('nothing of a secret database is read (T07)', async () => {
    const root = scratch();
    const folder = join(root, 'project');
    const file = join(folder, 'a.db');
    writeSqlite(file, "create table t (a text); insert into t values ('own')");
    writeSqlite(join(root, 'elsewhere', 'a.db'), "create table t (a text); insert into t values ('secret')");
    const link = join(root, 'link');
    fs.symlinkSync(join(root, 'elsewhere'), link);
    const read = (): string => {
      const copy = openDatabaseCopy(file, join(root, 'copies'));
      try {
        return JSON.stringify(copy.rows('select a from t'));
      } finally {
        copy.close();
      }
    };
    expect(await race(folder, link, file, read)).toEqual(tried);
  });
});

test('an opened source is what its path names, also through names that look like others', () => {
  const root = scratch();
  for (const name of ['a b', 'ünï', 'x (deleted)', 'back\\slash', 'new\nline']) {
    const file = join(root, name);
    fs.writeFileSync(file, name);
    const source = openSource(file);
    expect(createHash('sha256').update(source.read(0, 100)).digest('hex')).toBe(
      createHash('sha256').update(name).digest('hex'),
    );
    source.close();
  }
});

test('a folder that is a link is not followed, also to one whose name differs in capitals only (T39)', (context) => {
  const root = scratch();
  writeLines(join(root, 'Project', 'a.jsonl'), ['secret']);
  context.skip(fs.existsSync(join(root, 'project')), 'this file system does not tell such names apart');
  fs.symlinkSync(join(root, 'Project'), join(root, 'project'));
  expect(() => openSource(join(root, 'project', 'a.jsonl'))).toThrow(/is reached through a link/);
});
