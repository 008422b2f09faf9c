import { readFile } from 'node:fs/promises';
import { errnoOf, messageOf, UsageError } from '../../core/errors.ts';
import { noLabels, readLabels, type LabelsFile } from './labels-file.ts';

/** The text of a file that a person named; one that cannot be read is a UsageError. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The labels of a file that may not exist yet. */
export async function readLabelsIfAny(path: string): Promise<LabelsFile> {
  try {
    return readLabels(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return noLabels;
    throw errnoOf(error) === undefined ? error : cannotRead(path, error);
  }
}

function cannotRead(path: string, error: unknown): UsageError {
  return new UsageError(`Cannot read ${path}: ${errnoOf(error) ?? messageOf(error)}.`);
}
