import { createHash } from 'node:crypto';
import path from 'node:path';
import { SeshError, UsageError } from '../core/errors.ts';
import { readArchived } from './archive.ts';
import { WorkDuck } from './duck.ts';
import { keyedHash, readTombstones } from './forget/tombstones.ts';
import { readSnapshot } from './log.ts';
import { rawFilesFor } from './raw-files.ts';
import { redactionKey } from './redaction-key.ts';
import { readSources } from './read-sources.ts';
import type { SourceState } from './sources.ts';
import type { Store } from './store.ts';

export interface RestoredSource {
  /** Where the file lay. */
  readonly path: string;
  readonly sha256: string;
  /** Throws a SeshError when the bytes are not those that were archived. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

const MEMORY_BYTES = 256 * 1024 * 1024;

/** The archived bytes of one transcript, named by a session id (a unique prefix will do) or by the path of the file. */
export async function restoreSource(store: Store, selector: string): Promise<RestoredSource> {
  const sources = await readSources(store, await readSnapshot(store.tablePath('sources')));
  await refuseForgotten(store, sources, selector);
  const source = chooseSource(sources, selector);
  return { path: source.path, sha256: source.contentSha256 ?? '', chunks: archivedBytes(store, source) };
}

/** Says that something was there once, rather than that nothing matches. */
async function refuseForgotten(store: Store, sources: readonly SourceState[], selector: string): Promise<void> {
  const tombstones = await readTombstones(store);
  if (tombstones.length === 0) return;
  if (sources.some((source) => source.path === selector || source.sessionId?.startsWith(selector) === true)) return;
  const key = await redactionKey(store.directory);
  const [named, placed] = [keyedHash(key, selector), keyedHash(key, path.resolve(selector))];
  const forgotten = tombstones.find(
    ({ path: place, session }) => session === named || place === named || place === placed,
  );
  if (forgotten === undefined) return;
  throw new SeshError(`"${selector}" was forgotten on ${forgotten.at.slice(0, 10)}: the store has no byte of it.`);
}

/** The newest generation of the one file that the selector means; of a session with sub-agents, the session's own file. */
export function chooseSource(sources: readonly SourceState[], selector: string): SourceState {
  if (selector === '') throw new UsageError('Expected a session id or the path of a transcript.');
  const kept = sources.filter(({ archivedBytes }) => archivedBytes > 0).sort((a, b) => a.generation - b.generation);
  const byPath = kept.findLast((source) => source.path === selector || source.path === path.resolve(selector));
  if (byPath !== undefined) return byPath;
  const matching = kept.filter(({ sessionId }) => sessionId?.startsWith(selector) === true);
  const own = matching.filter((source) => path.basename(source.path).includes(source.sessionId ?? selector));
  const candidates = [...new Map((own.length > 0 ? own : matching).map((source) => [source.path, source])).values()];
  const [only, ...more] = candidates;
  if (only === undefined) {
    throw new SeshError(`Nothing in the store matches "${selector}".`, { hint: '`sesh sessions` lists the sessions.' });
  }
  if (more.length === 0) return only;
  const paths = candidates.map((source) => `  ${source.path}`).sort();
  throw new UsageError(
    `"${selector}" matches ${candidates.length} files:\n${paths.join('\n')}`,
    'Name one of them by its path.',
  );
}

async function* archivedBytes(store: Store, source: SourceState): AsyncGenerator<Uint8Array> {
  const directory = store.tablePath('raw');
  const files = rawFilesFor(await readSnapshot(directory), directory, [source.cluster]);
  const duck = await WorkDuck.open({
    threads: 1,
    memoryBytes: MEMORY_BYTES,
    folder: store.directory,
    spillDirectory: null,
  });
  const hash = createHash('sha256');
  try {
    for await (const { data } of readArchived(duck, files, source.sourceId)) {
      hash.update(data);
      yield data;
    }
  } finally {
    duck.close();
  }
  if (hash.digest('hex') !== source.contentSha256) {
    throw new SeshError(
      `The archived bytes of ${source.path} are damaged: their SHA-256 is not the one that was kept.`,
      {
        hint: 'Run `sesh doctor` to see which file of the store is damaged.',
      },
    );
  }
}
