import type { FolderCollection } from '../../collection.ts';

/** A session's file or a message's, in the storage of builds before 1.2 or of the first ones (`session/info`, `session/message`). */
const sessionFile = /^(.*?(?:^|\/)storage)\/session\/[^/]+\/(ses_[^/]+)\.json$/;
const messageFile = /^(.*?(?:^|\/)storage)\/(?:session\/)?message\/(ses_[^/]+)\/[^/]+\.json$/;

type List = (directory: string) => readonly string[];

/**
 * Sessions as files under `storage` (formats.md 6.1). A message's file stands for its session as well, so that messages whose
 * session file is gone are read too. `isOurs` is asked with the path of the `storage` folder.
 */
export function opencodeStorage(isOurs: (folder: string) => boolean): FolderCollection {
  return {
    kind: 'folder',
    recognise: (path) => {
      const [, folder, member] = sessionFile.exec(path) ?? messageFile.exec(path) ?? [];
      return folder === undefined || member === undefined || !isOurs(folder) ? null : { folder, member };
    },
    files: (member, list) => [
      ...list('session').flatMap((project) => named(`session/${project}`, [`${member}.json`], list)),
      ...filesUnder(`message/${member}`, 'part', list),
      ...filesUnder(`session/message/${member}`, `session/part/${member}`, list),
    ],
  };
}

function named(directory: string, names: readonly string[], list: List): string[] {
  const present = list(directory);
  return names.filter((name) => present.includes(name)).map((name) => `${directory}/${name}`);
}

/** Each message's file with those of its parts behind it. */
function filesUnder(messages: string, parts: string, list: List): string[] {
  return jsonIn(messages, list).flatMap((name) => {
    const own = `${parts}/${name.replace(/\.json$/, '')}`;
    return [`${messages}/${name}`, ...jsonIn(own, list).map((part) => `${own}/${part}`)];
  });
}

function jsonIn(directory: string, list: List): string[] {
  return list(directory).filter((name) => name.endsWith('.json'));
}
