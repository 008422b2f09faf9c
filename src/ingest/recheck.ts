import type { SourceFile } from '../discover/discover.ts';
import type { SourceState } from '../lake/sources.ts';
import { hashOf, openSource, UnreadableSource } from '../read/source-file.ts';
import type { PlanOptions } from './plan.ts';

/**
 * Whether a file of the same size and time holds other bytes than the archive does: a rewrite that keeps both shows nowhere else
 * (reliability.md F31). Sessions of a collection have a stamp of all that they hold. A file that cannot be read counts: whoever reads
 * it then says why.
 */
export function isAlteredUnseen({ path, hint }: SourceFile, { archivedBytes, contentSha256 }: SourceState): boolean {
  if (hint.member !== null) return false;
  try {
    const source = openSource(path);
    try {
      return hashOf(source, archivedBytes) !== contentSha256;
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof UnreadableSource) return true;
    throw error;
  }
}

/** A run that finds work plans twice; the bytes are looked at the first time. */
export function onceEach(isAltered: PlanOptions['isAltered']): PlanOptions['isAltered'] {
  const answers = new Map<string, boolean>();
  return (file, known) => {
    const answer = answers.get(file.path) ?? isAltered(file, known);
    answers.set(file.path, answer);
    return answer;
  };
}
