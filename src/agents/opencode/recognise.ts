import type { SourceHint } from '../agent.ts';
import { storeHint } from '../shared/opencode-store/recognise.ts';

/** `opencode.db`, and `opencode-<channel>.db` of builds that are no release. */
const database = /(?:^|\/)opencode[^/]*\.db$/;
/** Data directories of programs with the same storage. */
const relatives = /(?:^|\/)(?:kilo|mimocode|icodemate)\/storage$/;

export function isOpencodeDatabase(path: string): boolean {
  return database.test(path);
}

/** Whether a `storage` folder is not that of a relative. */
export function isOpencodeStorage(folder: string): boolean {
  return !relatives.test(folder);
}

export function opencodeHintFor(path: string): SourceHint {
  return storeHint(path, 'opencode');
}
