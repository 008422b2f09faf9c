import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { SeshError, UsageError, exitCode, type ExitCode } from '../core/errors.ts';
import { isPlainFileName } from '../core/file-name.ts';
import { formatBytes } from '../core/figures.ts';
import { writeNewFile } from '../lake/files.ts';
import { restoreSource } from '../lake/restore.ts';
import { openStore } from '../lake/store.ts';
import type { Invocation } from './command.ts';

/**
 * Writes one archived transcript into a new file (`--out`, else its own name in the current folder) or to standard output.
 * JSON: `path` (where it came from), `out`, `bytes` and `sha256`.
 */
export async function restore(invocation: Invocation): Promise<ExitCode> {
  const { flags, argument = '', terminal, storeDir, io } = invocation;
  const out = flags.text('out');
  if (flags.flag('stdout') && out !== undefined) throw new UsageError('Expected --out or --stdout, got both.');
  if (flags.flag('stdout') && io.stdoutIsTTY) {
    throw new UsageError('A transcript is not written to a terminal, which it could control.', 'Use --out FILE.');
  }
  const source = await restoreSource(await openStore(storeDir, { create: false }), argument);
  if (flags.flag('stdout')) {
    for await (const chunk of source.chunks) io.writeStdout(chunk);
    return exitCode.ok;
  }
  const target = resolve(out ?? ownName(source.path));
  const bytes = await writeNewFile(target, source.chunks);
  if (bytes === false) {
    throw new SeshError(`${target} exists and is left as it is.`, { hint: 'Name another file with --out.' });
  }
  if (flags.flag('json')) terminal.json({ path: source.path, out: target, bytes, sha256: source.sha256 });
  else terminal.print(`${target}: ${formatBytes(bytes)}, sha256 ${source.sha256}`);
  return exitCode.ok;
}

/** The transcript's own name, or a hash where that could mean something else than a file in this folder. */
function ownName(path: string): string {
  const name = basename(path);
  return isPlainFileName(name) ? name : `transcript-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}
