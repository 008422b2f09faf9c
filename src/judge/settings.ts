import { z } from 'zod';
import { parseSettings } from '../core/settings-file.ts';
import type { PriceEntry } from './money.ts';
import { providerNames } from './providers/provider.ts';

/** What a person may set in `judge.yaml`. Projects have no say: no other place is looked at. */
const positive = z.number().positive();
const whole = z.number().int().positive();

const price = z.strictObject({
  model: z.string(),
  from: z.iso.date(),
  input_usd_per_million: z.number().nonnegative(),
  output_usd_per_million: z.number().nonnegative(),
  cache_read_usd_per_million: z.number().nonnegative().optional(),
  cache_write_usd_per_million: z.number().nonnegative().optional(),
  batch_factor: z.number().nonnegative().default(0.5),
});

const judgeFile = z.strictObject({
  provider: z.enum(providerNames).optional(),
  model: z.string().optional(),
  base_url: z.string().optional(),
  requests_per_minute: whole.optional(),
  tokens_per_minute: whole.optional(),
  concurrency: whole.optional(),
  max_tokens: whole.default(8192),
  effort: z.string().optional(),
  max_usd: positive.optional(),
  monthly_usd: positive.optional(),
  sessions_per_day: whole.default(500),
  /** Who is asked about doubtful sessions, too: a model of another family, whose mistakes are others. */
  second: z
    .strictObject({ provider: z.enum(providerNames), model: z.string(), base_url: z.string().optional() })
    .optional(),
  prices: z.array(price).default([]),
  never_judge: z
    .strictObject({ projects: z.array(z.string()).default([]), paths: z.array(z.string()).default([]) })
    .default({ projects: [], paths: [] }),
});

export type JudgeFile = z.infer<typeof judgeFile>;

export const JUDGE_FILE = 'judge.yaml';

/** Reads `judge.yaml`; an empty text sets nothing. Throws a UsageError that names the file and the setting. */
export function parseJudgeFile(text: string, file: string): JudgeFile {
  return parseSettings(text, file, judgeFile);
}

export function priceEntries({ prices }: JudgeFile): readonly PriceEntry[] {
  return prices.map((entry) => ({
    model: entry.model,
    fromMs: Date.parse(entry.from),
    inputUsdPerMillion: entry.input_usd_per_million,
    outputUsdPerMillion: entry.output_usd_per_million,
    cacheReadUsdPerMillion: entry.cache_read_usd_per_million ?? null,
    cacheWriteUsdPerMillion: entry.cache_write_usd_per_million ?? null,
    batchFactor: entry.batch_factor,
  }));
}

/** Whether a session of this project, or of these working directories, must never leave the machine. */
export function isNeverJudged(
  { never_judge: { projects, paths } }: JudgeFile,
  session: { readonly project: string | null; readonly directories: readonly string[] },
  home: string,
): boolean {
  const named = session.project?.toLowerCase() ?? null;
  if (projects.some((project) => project.toLowerCase() === named)) return true;
  return paths
    .map((path) => path.replace(/^~(?=\/|$)/, home).replace(/\/+$/, ''))
    .some((path) => session.directories.some((directory) => directory === path || directory.startsWith(`${path}/`)));
}
