/** Where a task's files lie in a path. */
interface TaskPlace {
  /** The folder that holds the tasks; empty when it is the root that is walked. */
  readonly folder: string;
  readonly task: string;
  readonly file: string;
}

/** Whose task folders are meant. */
export interface TaskOwner {
  /** The extension's id in the marketplace, which names its folder. */
  readonly extension: string;
  /** The program keeps tasks under `.cline/data` as well. */
  readonly hasOwnFolder: boolean;
}

/** Files of a task that are read, facts about the task before its messages. */
export const taskFiles = ['history_item.json', 'task_metadata.json', 'ui_messages.json'] as const;

/** Milliseconds since 1970, or a UUID. */
const taskId = /^(?:\d{13}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/**
 * `<extension>/tasks/<task>/<file>`, `.cline/data/tasks/<task>/<file>`, or `<task>/<file>` where the `tasks` folder itself is walked:
 * then the path does not tell which program of the family it is.
 */
export function taskPlace(path: string, { extension, hasOwnFolder }: TaskOwner): TaskPlace | null {
  const parts = path.split('/');
  const [file = '', task = ''] = [parts.at(-1), parts.at(-2)];
  if (task === '') return null;
  const [tasks, above, beyond] = [parts.at(-3), parts.at(-4), parts.at(-5)];
  const isRoot = parts.length === 2 && taskId.test(task);
  const isExtension = tasks === 'tasks' && above?.toLowerCase() === extension;
  const isOwn = hasOwnFolder && tasks === 'tasks' && above === 'data' && beyond === '.cline';
  return isRoot || isExtension || isOwn ? { folder: parts.slice(0, -2).join('/'), task, file } : null;
}

export function isTaskId(name: string): boolean {
  return taskId.test(name);
}
