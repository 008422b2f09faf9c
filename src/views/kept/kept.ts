import { join } from 'node:path';
import { parquet } from '../../lake/duck.ts';
import { makeDirectory } from '../../lake/files.ts';
import type { TableFiles, ViewSettings } from '../lake.ts';
import type { Catalog } from '../load.ts';
import { fileName, rangeKey, viewDigest } from './digest.ts';
import { prune, readManifest, writeManifest } from './manifest.ts';
import { grouped, rangesOf, type EventFile, type Range } from './ranges.ts';

export interface KeptOptions {
  readonly storeDir: string;
  /** The folder of the kept rows. */
  readonly directory: string;
  readonly events: readonly EventFile[];
  readonly lacking: TableFiles['lacking'];
  readonly settings: ViewSettings;
  readonly catalog: Catalog;
  /** What the engine may use that finds missing rows. */
  readonly memoryBytes: number;
  /** Nothing is written: what is missing stays missing. */
  readonly readOnly?: boolean;
}

/** Rows of views that are kept beside the store, for exactly these events, this SQL, these seeds and settings. */
export interface Kept {
  /** Every file that may be read, also those that are still to be made. */
  readonly paths: readonly string[];
  /** Makes what is missing of these views; where the store cannot be written to, nothing. */
  readonly make: (views: readonly string[]) => Promise<void>;
  /** The views of which every row is there. */
  readonly complete: () => readonly string[];
  /** A select of all rows of a view; null when some are missing. */
  readonly select: (view: string) => string | null;
  /** The views are found without kept rows from now on: a file is damaged or gone. */
  readonly giveUp: () => void;
}

interface KeptView {
  readonly name: string;
  /** By range. */
  readonly keys: readonly string[];
  /** By range; null: not there yet. */
  readonly files: (string | null)[];
  /** What is missing, with the file that it will be in. */
  missing: readonly { readonly ranges: readonly Range[]; readonly file: string }[];
}

export async function openKept(options: KeptOptions): Promise<Kept> {
  const { directory, catalog } = options;
  const ranges = rangesOf(options.events);
  const manifest = await readManifest(directory);
  const stored = [...catalog.views.values()].filter((view) => view.stored);
  const views = new Map(stored.map(({ name }) => [name, keptView(name, ranges, manifest, options)]));
  let usable = options.events.length > 0;

  const make = async (names: readonly string[]): Promise<void> => {
    const lacking = names.flatMap((name) => views.get(name) ?? []).filter(({ missing }) => missing.length > 0);
    if (!usable || options.readOnly === true || lacking.length === 0) return;
    try {
      await makeMissing(lacking, ranges.length, options);
      await remember([...views.values()], directory);
    } catch {
      usable = false; // a store that is not ours to write, a full disk: the views answer as they do without
    }
  };
  const select = (name: string): string | null => {
    const view = views.get(name);
    return usable && view !== undefined && view.missing.length === 0 ? selectFrom(view, directory) : null;
  };
  const complete = (): readonly string[] => [...views.keys()].filter((name) => select(name) !== null);
  const paths = [...views.values()].flatMap(({ files, missing }) => [...files, ...missing.map(({ file }) => file)]);
  return {
    paths: [...new Set(paths)].flatMap((file) => (file === null ? [] : [join(directory, file)])),
    make,
    complete,
    select,
    giveUp: () => (usable = false),
  };
}

function keptView(
  name: string,
  ranges: readonly Range[],
  manifest: ReadonlyMap<string, string>,
  options: KeptOptions,
): KeptView {
  const { catalog, settings, lacking } = options;
  const digest = viewDigest(name, catalog, settings, lacking?.events ?? new Set());
  const keys = ranges.map((range) => rangeKey(digest, range, ranges.length));
  const files = keys.map((key) => manifest.get(key) ?? null);
  const missing = grouped(
    ranges.filter(({ index }) => files[index] === null),
    buildMemory(options),
  ).map((group) => ({
    ranges: group,
    file: fileName(
      name,
      group.map(({ index }) => keys[index] ?? ''),
    ),
  }));
  return { name, keys, files, missing };
}

/** The engine that finds rows runs beside the one that asks for them, and takes more of the system than it counts itself. */
function buildMemory({ memoryBytes }: KeptOptions): number {
  return Math.max(LEAST_BUILD_BYTES, memoryBytes - BESIDE_BYTES);
}

const BESIDE_BYTES = 180 * 1024 ** 2;
const LEAST_BUILD_BYTES = 256 * 1024 ** 2;

/** Views that lack the same ranges are found together, because they share their steps. */
async function makeMissing(views: readonly KeptView[], count: number, options: KeptOptions): Promise<void> {
  const { directory, storeDir, catalog, settings, lacking } = options;
  const memoryBytes = buildMemory(options);
  await makeDirectory(directory);
  const { buildKept } = await import('./build.ts');
  const together = new Map<string, KeptView[]>();
  for (const view of views) {
    const name = view.missing.map(({ ranges }) => ranges.map(({ index }) => index).join(',')).join(';');
    together.set(name, [...(together.get(name) ?? []), view]);
  }
  for (const alike of together.values()) {
    for (const [at, { ranges }] of (alike[0]?.missing ?? []).entries()) {
      const targets = new Map(alike.map(({ name, missing }) => [name, join(directory, missing[at]?.file ?? '')]));
      await buildKept({ storeDir, catalog, settings, lacking, ranges, count, targets, memoryBytes });
    }
    for (const view of alike) {
      for (const { ranges, file } of view.missing) for (const { index } of ranges) view.files[index] = file;
      view.missing = [];
    }
  }
}

/** Names what there is for these events, and forgets what is of others. */
async function remember(views: readonly KeptView[], directory: string): Promise<void> {
  const entries = views.flatMap(({ keys, files }) =>
    keys.flatMap((key, index) => {
      const file = files[index] ?? null;
      return file === null ? [] : [[key, file] as const];
    }),
  );
  const manifest = new Map(entries);
  await writeManifest(directory, manifest);
  await prune(directory, manifest);
}

/** A file may also have rows of ranges that have changed since: those are left out. */
function selectFrom({ files }: KeptView, directory: string): string {
  const byFile = new Map<string, number[]>();
  for (const [index, file] of files.entries()) {
    if (file !== null) byFile.set(file, [...(byFile.get(file) ?? []), index]);
  }
  const parts = [...byFile].map(([file, ranges]) => {
    const from = `select * exclude (kept_range) from ${parquet([join(directory, file)])}`;
    return ranges.length === files.length ? from : `${from} where kept_range in (${ranges.join(', ')})`;
  });
  return parts.join(' union all ');
}
