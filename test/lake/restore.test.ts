import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/lake/store.ts';
import { chooseSource, restoreSource } from '../../src/lake/restore.ts';
import { promptLine, sessionNumber, uuidNumber, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';

const at = '2026-02-05T10:00:00.000Z';
const line = (session: number, uuid: number, text: string): string =>
  promptLine({ session: sessionNumber(session), uuid: uuidNumber(uuid), at }, text);

async function restored(storeDirectory: string, selector: string) {
  const store = await openStore(storeDirectory, { create: false });
  const { path, sha256, chunks } = await restoreSource(store, selector);
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return { path, sha256, bytes: Buffer.concat(parts) };
}

function machine() {
  const folder = scratch();
  const root = join(folder, 'projects', '-home-ann-shop');
  mkdirSync(root, { recursive: true });
  return {
    store: join(folder, 'store'),
    roots: [join(folder, 'projects')],
    file: (name: string) => join(root, `${name}.jsonl`),
  };
}

describe('restoreSource', () => {
  test('gives back the bytes of a deleted file that had grown, damage and all (P7)', async () => {
    const { store, roots, file } = machine();
    const path = file(sessionNumber(1));
    writeLines(path, [line(1, 1, 'one'), 'no record']);
    await syncStore({ store, roots });
    appendFileSync(path, Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(`\r\n\n${line(1, 2, 'two')}\n`)]));
    await syncStore({ store, roots });
    const bytes = readFileSync(path);
    rmSync(path);
    await syncStore({ store, roots });
    const back = await restored(store, sessionNumber(1).slice(0, 36));
    expect(back).toEqual({ path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes });
  });

  test('gives back a file of many chunks bit for bit', async () => {
    const { store, roots, file } = machine();
    const path = file(sessionNumber(1));
    const lines = Array.from({ length: 30 }, (_, n) => line(1, n, `${n}`.repeat(500_000)));
    writeLines(path, [...lines, line(1, 99, 'x'.repeat(20_000_000))]);
    await syncStore({ store, roots });
    const back = await restored(store, path);
    expect(createHash('sha256').update(back.bytes).digest('hex')).toBe(
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    );
  });

  test('names the candidates when several files match, and the newest generation of a replaced one', async () => {
    const { store, roots, file } = machine();
    writeLines(file(sessionNumber(1)), [line(1, 1, 'one')]);
    writeLines(file(sessionNumber(2)), [line(2, 2, 'two')]);
    await syncStore({ store, roots });
    await expect(restored(store, '0000')).rejects.toThrow(/matches 2 files/);
    await expect(restored(store, 'ffff')).rejects.toThrow(/Nothing in the store matches "ffff"/);
    writeFileSync(file(sessionNumber(1)), `${line(1, 3, 'other')}\n`);
    await syncStore({ store, roots });
    expect((await restored(store, sessionNumber(1))).bytes.toString()).toBe(`${line(1, 3, 'other')}\n`);
  });

  test('refuses an empty name', () => {
    expect(() => chooseSource([], '')).toThrow(/Expected a session id/);
  });
});
