import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Who can read or change the store, and who would get a copy: each a sentence with what to do (security.md T38, T42). */
export async function warningsAbout(directory: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  const above = ancestors(directory);
  const synced = above.find((folder) => SYNCED.test(basename(folder)) || existsSync(join(folder, '.stfolder')));
  if (synced !== undefined) {
    warnings.push(
      `The store lies in ${synced}, which looks synchronized to other machines: it holds whole transcripts.`,
    );
  }
  const repository = above.find((folder) => existsSync(join(folder, '.git')));
  if (repository !== undefined && !ignoresItself(directory)) {
    warnings.push(
      `The store lies in the git repository ${repository}. Keep it out of commits: echo '*' > ${join(directory, '.gitignore')}`,
    );
  }
  if (process.geteuid === undefined) return warnings;
  const { mode, uid } = await stat(directory);
  if (uid !== process.geteuid()) warnings.push(`The store ${directory} belongs to another user (uid ${uid}).`);
  if ((mode & 0o077) !== 0) {
    warnings.push(`Others on this machine may read the store. Run: chmod 700 ${directory}`);
  }
  const parent = await stat(dirname(directory));
  if ((parent.mode & WRITABLE_BY_ALL) !== 0 && (parent.mode & STICKY) === 0) {
    warnings.push(`Everybody can put another store in place of this one. Run: chmod o-w ${dirname(directory)}`);
  }
  return warnings;
}

const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;

/** Folders that programs keep the same on several machines. */
const SYNCED =
  /^(?:Dropbox(?: \(.*\))?|OneDrive(?: - .*)?|Google ?Drive|My Drive|iCloud ?Drive|Mobile Documents|com~apple~CloudDocs|CloudStorage|Nextcloud|ownCloud|pCloud ?Drive|pCloudDrive|MEGA(?:sync)?|Box(?: Sync)?|Syncthing|Seafile|Tresorit|Proton ?Drive)$/i;

function ignoresItself(directory: string): boolean {
  try {
    return readFileSync(join(directory, '.gitignore'), 'utf8').split('\n').includes('*');
  } catch {
    return false;
  }
}

function ancestors(directory: string): readonly string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [directory, ...ancestors(above)];
}
