// Empties the page cache, so that the next run reads from the disk.

import { execFileSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';

const SWITCH = '/proc/sys/vm/drop_caches';

/** Null when the page cache can be emptied here, else why it cannot. */
export function coldObstacle() {
  try {
    accessSync(SWITCH, constants.W_OK);
    return null;
  } catch {
    return `There are no cold figures: ${SWITCH} cannot be written to (Linux, as root).`;
  }
}

export function dropCaches() {
  execFileSync('sync');
  writeFileSync(SWITCH, '1\n');
}
