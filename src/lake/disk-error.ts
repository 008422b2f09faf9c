import { formatBytes } from '../core/figures.ts';
import { errnoOf, messageOf, SeshError } from '../core/errors.ts';
import { roomAt } from './space.ts';

/** Runs a change on disk; a failure of the system becomes a sentence that names the path. */
export async function explaining<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SeshError || codeOf(error) === undefined) throw error;
    throw explained(error, path, await roomAt(path));
  }
}

/** DuckDB tells what the system refused in words. */
const inWords: readonly (readonly [RegExp, string])[] = [
  [/No space left on device/, 'ENOSPC'],
  [/Read-only file system/, 'EROFS'],
  [/Permission denied/, 'EACCES'],
];

function codeOf(error: unknown): string | undefined {
  return errnoOf(error) ?? inWords.find(([words]) => words.test(messageOf(error)))?.[1];
}

function left({ bytes, files }: NonNullable<Awaited<ReturnType<typeof roomAt>>>): string {
  return files === 0 ? 'no more files can be made there' : `${formatBytes(bytes)} free`;
}

function explained(error: unknown, path: string, room: Awaited<ReturnType<typeof roomAt>>): SeshError {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new SeshError(`No space left on the disk for ${path}${room === null ? '' : ` (${left(room)})`}.`, {
        hint: 'Free some space and run the command again; what was stored before is untouched.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new SeshError(`No permission to write ${path}.`, {
        hint: 'Make the folder writable for your user, or set SESH_HOME to another one.',
        cause: error,
      });
    default:
      return new SeshError(`Could not write ${path}: ${messageOf(error)}`, {
        hint: 'Nothing half-written was published; run the command again when the disk is well.',
        cause: error,
      });
  }
}
