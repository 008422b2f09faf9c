import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';

const LEAST_FREE_BYTES = 4 * 1024 ** 3;

/** Memory where there is enough of it: a sync waits for the disk some forty times, three quarters of what a small one takes. */
function scratchPlace(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize >= LEAST_FREE_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'UTC', NO_COLOR: '1', TMPDIR: scratchPlace() },
    // On two cores the default is one worker: a file at a time.
    maxWorkers: '100%',
    // Files share what they have loaded; a file that changes the environment puts it back.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
