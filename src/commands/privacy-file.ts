import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { parseSettings } from '../core/settings-file.ts';
import { parseDuration } from '../core/time.ts';

/** What a person set in `privacy.yaml`. Projects have no say: no other place is looked at. */
export interface Privacy {
  /** Files whose values are secrets wherever they stand. */
  readonly secretFiles: readonly string[];
  /** Sessions that ended longer ago are forgotten; null: none is. */
  readonly keepSessionsS: number | null;
  /** The words of answers of a judge that are older go; null: they stay. */
  readonly keepJudgeRepliesS: number | null;
}

const privacyFile = z.strictObject({
  secret_files: z.array(z.string()).default([]),
  keep_sessions: z.string().optional(),
  keep_judge_replies: z.string().optional(),
});

/** Reads `privacy.yaml`. Throws a UsageError that names the file and the setting. */
export function parsePrivacyFile(text: string, file: string, home: string): Privacy {
  const { secret_files, keep_sessions, keep_judge_replies } = parseSettings(text, file, privacyFile);
  const duration = (value: string | undefined, setting: string): number | null =>
    value === undefined ? null : parseDuration(value, `${setting} in ${file}`);
  return {
    secretFiles: secret_files.map((path) => absolute(path, file, home)),
    keepSessionsS: duration(keep_sessions, 'keep_sessions'),
    keepJudgeRepliesS: duration(keep_judge_replies, 'keep_judge_replies'),
  };
}

/** A job runs in another folder than the person who wrote the setting. */
function absolute(path: string, file: string, home: string): string {
  const place = path.replace(/^~(?=\/)/, home);
  if (place.startsWith('/')) return place;
  throw new UsageError(`${file}: secret_files: Expected a path from / or ~/, got "${path}".`);
}
