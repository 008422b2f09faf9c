import { asNumber, asObject, type Json } from '../core/json.ts';

/** Fewer open files than this are too few to load the engine and read beside it. */
const ENOUGH_OPEN_FILES = 128;

/**
 * What to say under an error that nobody expected, when it may come from a limit of the shell: a loader that finds no descriptor
 * says that the file does not exist. Null when there is no such limit.
 */
export function limitNote(): string | null {
  const report: Json = JSON.parse(JSON.stringify(process.report.getReport()));
  const limit = asNumber(asObject(asObject(asObject(report)?.['userLimits'])?.['open_files'])?.['soft']);
  if (limit === null || limit >= ENOUGH_OPEN_FILES) return null;
  return `Only ${limit} files may be open at once here, which may be the reason: run \`ulimit -n 1024\` first.`;
}
