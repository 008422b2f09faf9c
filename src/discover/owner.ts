import fs from 'node:fs';
import os from 'node:os';

/** The person who owns a transcript: the account of the file's owner, `uid-1234` when it has no name here. */
export function ownerOf(file: string, uid: number): string {
  const known = names.get(uid);
  if (known !== undefined) return known;
  const name = accountName(uid) ?? homeFolderName(file) ?? `uid-${uid}`;
  names.set(uid, name);
  return name;
}

const names = new Map<number, string>();

function accountName(uid: number): string | null {
  try {
    const me = os.userInfo();
    if (me.uid === uid) return me.username;
    const accounts = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
    const account = accounts.map((line) => line.split(':')).find((fields) => fields[2] === String(uid));
    return account?.[0] ?? null;
  } catch {
    // No account data base on this system, or none for this user: the caller has other names.
    return null;
  }
}

function homeFolderName(file: string): string | null {
  return /^\/(?:home|Users)\/([^/]+)\//.exec(file)?.[1] ?? null;
}
