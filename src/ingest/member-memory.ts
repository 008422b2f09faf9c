import fs from 'node:fs';
import path from 'node:path';
import { asArray, asNumber, asObject, asText, type Json } from '../core/json.ts';
import type { MemberMemory } from '../discover/memory.ts';
import { makeDirectory, writeCacheFile } from '../lake/files.ts';
import { sealed, unsealed } from '../lake/sealed.ts';
import type { StorePaths } from '../lake/store.ts';
import type { Member } from '../read/members.ts';

interface KeptMemory extends MemberMemory {
  /** Called by the owner of the lock. */
  readonly save: () => Promise<void>;
}

interface Remembered {
  readonly state: string;
  readonly members: readonly Member[];
}

/** What databases held at the last run, kept in the store's cache: without it each of them is only opened once more. */
export function readMemberMemory({ cache }: StorePaths): KeptMemory {
  const file = path.join(cache, 'members.json');
  const known = readFile(file);
  let changed = false;
  return {
    recall: (place, state) => {
      const remembered = known.get(place);
      return remembered?.state === state ? remembered.members : null;
    },
    keep: (place, state, members) => {
      known.set(place, { state, members });
      changed = true;
    },
    save: async () => {
      if (!changed) return;
      await makeDirectory(cache);
      await writeCacheFile(file, sealed([...known].map(([place, kept]) => toJson(place, kept))));
    },
  };
}

function readFile(file: string): Map<string, Remembered> {
  try {
    const parsed = unsealed(fs.readFileSync(file, 'utf8'));
    return new Map((asArray(parsed) ?? []).flatMap((entry) => fromJson(entry)));
  } catch {
    // Missing or in another shape: the databases tell the same.
    return new Map();
  }
}

function toJson(place: string, { state, members }: Remembered): Json {
  return {
    place,
    state,
    members: members.map(({ member, identity }) => [
      member,
      identity.sizeBytes,
      identity.mtimeNs.toString(),
      identity.deviceInode,
      identity.uid,
    ]),
  };
}

function fromJson(entry: Json): readonly (readonly [string, Remembered])[] {
  const { place, state, members } = asObject(entry) ?? {};
  const [placeText, stateText] = [asText(place), asText(state)];
  if (placeText === null || stateText === null) return [];
  return [[placeText, { state: stateText, members: (asArray(members) ?? []).flatMap((member) => memberIn(member)) }]];
}

function memberIn(entry: Json): readonly Member[] {
  const [member, sizeBytes, mtimeNs, deviceInode, uid] = asArray(entry) ?? [];
  const identity = {
    sizeBytes: asNumber(sizeBytes) ?? 0,
    mtimeNs: BigInt(asText(mtimeNs) ?? 0),
    deviceInode: asText(deviceInode) ?? '',
    uid: asNumber(uid) ?? 0,
    links: 1,
  };
  const name = asText(member);
  return name === null ? [] : [{ member: name, identity }];
}
