import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Whose a transcript is, and the folder's name that says otherwise. */
interface Person {
  readonly user: string;
  readonly contradicted: string | null;
}

/** A file of a searched tree. */
interface Place {
  readonly file: string;
  readonly uid: number;
  readonly root: string;
  readonly rootUid: number;
}

/**
 * The person of a transcript: the account that owns the file, never a name that its owner can give a folder (security.md T40). Only
 * in a copy that belongs to whoever made it (root, this account, or for others than root the owner of the searched folder)
 * do the folders tell.
 */
export function personOf(place: Place, named: string | null): Person {
  if (named !== null && isCopier(place)) return { user: named, contradicted: null };
  const account = ownerOf(place.uid);
  if (named === null || named === account) return { user: account ?? unnamed(place), contradicted: null };
  const isTheirs = ownsFolder(place, named);
  return { user: account ?? (isTheirs ? named : unnamed(place)), contradicted: isTheirs ? null : named };
}

function isCopier({ uid, rootUid }: Place): boolean {
  const me = process.geteuid?.();
  if (me === undefined || uid === 0 || uid === me) return true;
  return me !== 0 && uid === rootUid;
}

/** Whether the folder with this name is the file's owner's, and somebody else gave it its name. */
function ownsFolder({ file, uid, root }: Place, named: string): boolean {
  const parts = path.relative(root, file).split(path.sep);
  const folder = path.join(root, ...parts.slice(0, parts.indexOf(named) + 1));
  return uidOf(folder) === uid && uidOf(path.dirname(folder)) !== uid;
}

function uidOf(place: string): number | undefined {
  return fs.lstatSync(place, { throwIfNoEntry: false })?.uid;
}

/** For accounts that this machine's list does not hold: the home folder above the file, when it is that account's. */
function unnamed({ file, uid }: Place): string {
  const [home, name] = /^\/(?:home|Users)\/([^/]+)(?=\/)/.exec(file) ?? [];
  return home !== undefined && name !== undefined && uidOf(home) === uid ? name : `uid-${uid}`;
}

const names = new Map<number, string | null>();

/** The account with this number; null when it has no name here. */
function ownerOf(uid: number): string | null {
  const known = names.get(uid);
  if (known !== undefined) return known;
  const name = accountName(uid);
  names.set(uid, name);
  return name;
}

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
