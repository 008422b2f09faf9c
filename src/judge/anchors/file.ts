import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, SeshError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { makeDirectory, writeFileDurably } from '../../lake/files.ts';
import { anchorSet, noAnchors, type AnchorSet } from './anchors.ts';

const FILE = 'anchors.json';

export async function readAnchors(judgeDirectory: string): Promise<AnchorSet> {
  const path = join(judgeDirectory, FILE);
  try {
    const json: Json = JSON.parse(await readFile(path, 'utf8'));
    return anchorSet.parse(json);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return noAnchors;
    // Going on without would publish what the anchors may hold back.
    throw new SeshError(`${path} cannot be read.`, {
      hint: 'Remove it and run `sesh judge anchors --pick` to choose anchor sessions again.',
      cause: error,
    });
  }
}

/** The caller holds the judge's lock. */
export async function writeAnchors(judgeDirectory: string, set: AnchorSet): Promise<void> {
  await makeDirectory(judgeDirectory);
  await writeFileDurably(join(judgeDirectory, FILE), `${JSON.stringify(set, null, 2)}\n`);
}
