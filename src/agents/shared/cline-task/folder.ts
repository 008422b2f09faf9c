import type { FolderCollection } from '../../collection.ts';
import { taskFiles, taskPlace, type TaskOwner } from './layout.ts';

/** A task's folder: the messages, and the files that tell its parent, its directory and its models (formats.md 8.3). */
export function taskFolders(owner: TaskOwner): FolderCollection {
  return {
    kind: 'folder',
    recognise: (path) => {
      const place = endsAsTaskFile(path) ? taskPlace(path, owner) : null;
      return place === null || !isTaskFile(place.file) ? null : { folder: place.folder, member: place.task };
    },
    files: (member, list) => {
      const present = list(member);
      return taskFiles.filter((name) => present.includes(name)).map((name) => `${member}/${name}`);
    },
  };
}

/** Asked of every file that is found, so the cheapest question comes first. */
function endsAsTaskFile(path: string): boolean {
  return taskFiles.some((file) => path.endsWith(file));
}

function isTaskFile(name: string): boolean {
  return taskFiles.some((file) => file === name);
}
