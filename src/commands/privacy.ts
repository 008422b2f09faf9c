import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from '../agents/agent.ts';
import { SeshError } from '../core/errors.ts';
import { configDirectory, ownText } from './own-files.ts';
import type { Privacy } from './privacy-file.ts';

const nothing: Privacy = { secretFiles: [], keepSessionsS: null, keepJudgeRepliesS: null };
const MOST_BYTES = 1024 * 1024;

/** What reads YAML is loaded only where there is such a file. */
export async function readPrivacy(surroundings: Surroundings): Promise<Privacy> {
  const file = join(configDirectory(surroundings), 'privacy.yaml');
  const text = ownText(file);
  if (text === null) return nothing;
  const { parsePrivacyFile } = await import('./privacy-file.ts');
  return parsePrivacyFile(text, file, surroundings.home);
}

/** The texts of the files of secrets. One that is not there stops the run: its secrets would be kept in the clear. */
export function secretTexts({ secretFiles }: Privacy): readonly string[] {
  return secretFiles.map((file) => {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const text = size > MOST_BYTES ? null : ownText(file);
    if (text !== null) return text;
    const why = size > MOST_BYTES ? `is larger than ${MOST_BYTES} bytes` : 'is not there';
    throw new SeshError(`${file}, which privacy.yaml names as a file of secrets, ${why}.`, {
      hint: 'Name the right file in secret_files, or take it out: what it held once stays hidden.',
    });
  });
}
