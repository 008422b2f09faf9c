import { createHash } from 'node:crypto';
import { engineVersion } from '../../lake/duck.ts';
import type { ViewSettings } from '../lake.ts';
import { closure, type Catalog } from '../load.ts';
import type { Range } from './ranges.ts';

/** Another number makes every kept file one of another program. */
const LAYOUT = 1;

/** What decides a view's rows beside the events: the text of all that it is made of, and the settings that its steps ask for. */
export function viewDigest(
  name: string,
  catalog: Catalog,
  { gapS, slowCommandS }: ViewSettings,
  lacking: ReadonlySet<string>,
): string {
  const parts = [...closure(catalog, new Set([name]))].sort().map((part) => [part, partDigest(part, catalog)]);
  const settings = { gapS, slowCommandS, lacking: [...lacking].sort() };
  return sha256(JSON.stringify([LAYOUT, engineVersion(), name, settings, parts]));
}

/** Of one text or seed, found once: most views are made of the same ones. */
function partDigest(part: string, catalog: Catalog): string {
  const found = digests.get(catalog) ?? new Map<string, string>();
  digests.set(catalog, found);
  const known = found.get(part);
  if (known !== undefined) return known;
  const seed = catalog.seeds.get(part);
  const text = catalog.views.get(part)?.select ?? catalog.macros.get(part)?.create;
  const digest = sha256(JSON.stringify([text, seed?.columns, seed?.rows]));
  found.set(part, digest);
  return digest;
}

const digests = new WeakMap<Catalog, Map<string, string>>();

/** Names the rows that a view has for the sessions of a range. */
export function rangeKey(digest: string, { index, files }: Range, count: number): string {
  return sha256(JSON.stringify([digest, index, count, files.map(({ name }) => name).sort()])).slice(0, 32);
}

/** The name of the file that holds these rows. */
export function fileName(view: string, keys: readonly string[]): string {
  return `${view.replace('.', '-')}-${sha256(keys.join('\n')).slice(0, 32)}.parquet`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
