import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { errnoOf } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { makeDirectory, writeFileDurably } from '../../lake/files.ts';
import type { Calibration } from './calibration.ts';

const estimate = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });

const recorded = z.object({
  /** Model and version of the judge. */
  version: z.string(),
  at: z.iso.datetime(),
  sessions: z.number().int().nonnegative(),
  quadratic_kappa: estimate,
  within_one: z.number().nullable(),
  false_positives: z.number().nullable(),
  floors_reached: z.boolean(),
});

/** How far a judge agreed with people when that was last measured. */
export type RecordedCalibration = z.infer<typeof recorded>;

const FILE = 'calibrations.json';

/** One of each judge, as `sesh judge calibrate` left them; a file that cannot be read knows of none. */
export async function readCalibrations(judgeDirectory: string): Promise<readonly RecordedCalibration[]> {
  const text = await readFile(join(judgeDirectory, FILE), 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return '[]';
    throw error;
  });
  try {
    const json: Json = JSON.parse(text);
    return z.array(recorded).parse(json);
  } catch {
    return [];
  }
}

/** Keeps the newest calibration of a judge, for the report. */
export async function recordCalibration(
  judgeDirectory: string,
  { judgeVersion, counts, figures }: Calibration,
  { at, floorsReached }: { readonly at: Date; readonly floorsReached: boolean },
): Promise<void> {
  if (judgeVersion === null || counts.used === 0) return;
  const { value, interval } = figures.quadratic_kappa;
  const newest: RecordedCalibration = {
    version: judgeVersion,
    at: at.toISOString(),
    sessions: counts.used,
    quadratic_kappa: { value, low: interval?.low ?? null, high: interval?.high ?? null },
    within_one: figures.within_one.value,
    false_positives: figures.false_positives.value,
    floors_reached: floorsReached,
  };
  const others = (await readCalibrations(judgeDirectory)).filter(({ version }) => version !== judgeVersion);
  await makeDirectory(judgeDirectory);
  await writeFileDurably(join(judgeDirectory, FILE), `${JSON.stringify([...others, newest], null, 2)}\n`);
}
