import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';

/** An empty folder that is removed when the running test ends. */
export function scratch(): string {
  const folder = makeFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** An empty folder that the tests of a file share; call it outside of tests and hooks. */
export function scratchForFile(): string {
  const folder = makeFolder();
  afterAll(() => removeFolder(folder));
  return folder;
}

// The real path, because macOS reaches its temporary folder through a link.
function makeFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'sesh-test-')));
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
