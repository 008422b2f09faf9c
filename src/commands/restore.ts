import { open, unlink } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SeshError, UsageError, errnoOf, exitCode, messageOf, type ExitCode } from '../core/errors.ts';
import { formatBytes } from '../core/figures.ts';
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
  const target = resolve(out ?? basename(source.path));
  const bytes = await writeNew(target, source.chunks);
  if (flags.flag('json')) terminal.json({ path: source.path, out: target, bytes, sha256: source.sha256 });
  else terminal.print(`${target}: ${formatBytes(bytes)}, sha256 ${source.sha256}`);
  return exitCode.ok;
}

/** Never takes the place of a file, and leaves none that is cut short. */
async function writeNew(target: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(target, 'wx', 0o600).catch((error: unknown) => {
    if (errnoOf(error) === 'EEXIST') {
      throw new SeshError(`${target} exists and is left as it is.`, { hint: 'Name another file with --out.' });
    }
    throw new SeshError(`Cannot write ${target}: ${messageOf(error)}.`);
  });
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
    await file.close();
    return bytes;
  } catch (error) {
    await file.close();
    await unlink(target);
    throw error;
  }
}
