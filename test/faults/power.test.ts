import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { checkStore } from '../../src/lake/check.ts';
import { openStore } from '../../src/lake/store.ts';
import { sessionNumber, turn, writeLines } from '../helpers/claude.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore } from '../helpers/store.ts';
import { startSync } from './helpers/process.ts';

const shim = resolve(import.meta.dirname, 'helpers/durable.mjs');

const Entries = z.record(z.string(), z.array(z.object({ name: z.string(), id: z.string(), isFolder: z.boolean() })));
const Moment = z.object({
  root: z.string(),
  folders: Entries,
  files: z.record(z.string(), z.string()),
  tree: Entries,
});
type Moment = z.infer<typeof Moment>;

/**
 * The store as a power cut leaves it: bytes that were not synced are gone. Names that were not synced are gone too, or, as other file
 * systems do it, all there already.
 */
function imageOf(moment: Moment, names: 'synced' | 'all', contents: string, target: string): void {
  const listing = names === 'synced' ? moment.folders : moment.tree;
  const build = (id: string, folder: string): void => {
    mkdirSync(folder, { mode: 0o700 });
    for (const entry of listing[id] ?? []) {
      const path = join(folder, entry.name);
      if (entry.isFolder) {
        build(entry.id, path);
        continue;
      }
      const content = moment.files[entry.id];
      if (content === undefined) writeFileSync(path, '', { mode: 0o600 });
      else writeFileSync(path, readFileSync(join(contents, content)), { mode: 0o600 });
    }
  };
  build(moment.root, target);
}

/** Everything but who is running, as a text: equal images are looked at once. */
function shapeOf(moment: Moment, names: 'synced' | 'all'): string {
  const listing = names === 'synced' ? moment.folders : moment.tree;
  const list = (id: string, prefix: string): readonly string[] =>
    (listing[id] ?? []).flatMap((entry) =>
      entry.isFolder
        ? list(entry.id, `${prefix}${entry.name}/`)
        : [`${prefix}${entry.name.replace(/^\.sesh-.*/, 'temporary')} ${moment.files[entry.id] ?? ''}`],
    );
  return list(moment.root, '').toSorted().join('\n');
}

test(
  'whenever the power is cut, a reader finds the version before or after, the last sync in the end, and the next run heals it (F10, P6)',
  { timeout: 240_000 },
  async () => {
    const folder = scratch();
    const root = join(folder, 'projects');
    const file = (n: number): string => join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
    const everyEvent = 'select event_id from events order by 1';
    writeLines(file(1), turn(sessionNumber(1), 1));
    const before = join(folder, 'before');
    await syncStore({ store: before, roots: [root] });
    appendFileSync(file(1), `${turn(sessionNumber(1), 2).join('\n')}\n`);
    writeLines(file(2), turn(sessionNumber(2), 3));
    const store = join(folder, 'store');
    cpSync(before, store, { recursive: true });
    const contents = join(folder, 'contents');
    mkdirSync(contents);
    const env = { NODE_OPTIONS: `--import ${shim}`, DURABLE_STORE: store, DURABLE_OUT: contents };
    expect(await startSync(store, root, env).ended).toEqual({ end: 0, stderr: '' });
    const [old, fresh] = [await eventRows(before, everyEvent), await eventRows(store, everyEvent)];
    const files = await eventFiles(store);

    const moments = readdirSync(contents)
      .filter((name) => name.startsWith('moment-'))
      .sort();
    expect(moments.length).toBeGreaterThan(10);
    const looked = new Set<string>();
    const found: unknown[] = [];
    for (const name of moments) {
      const moment = Moment.parse(JSON.parse(readFileSync(join(contents, name), 'utf8')));
      for (const names of ['synced', 'all'] as const) {
        const shape = shapeOf(moment, names);
        if (looked.has(shape) && name !== moments.at(-1)) continue;
        looked.add(shape);
        const image = join(folder, `image-${found.length}`);
        imageOf(moment, names, contents, image);
        const rows = await eventRows(image, everyEvent);
        expect([old, fresh]).toContainEqual(rows);
        found.push(rows);
        const { problems } = await syncStore({ store: image, roots: [root] });
        expect(problems).toEqual([]);
        expect(await eventFiles(image)).toEqual(files);
        const findings = await checkStore(await openStore(image, { create: false }));
        expect(findings.filter(({ level }) => level !== 'info')).toEqual([]);
      }
    }
    expect(looked.size).toBeGreaterThan(10);
    expect(found[0]).toEqual(old);
    // Of the last moment both images are there: what a run said to be done stays done.
    expect(found.slice(-2)).toEqual([fresh, fresh]);
  },
);
