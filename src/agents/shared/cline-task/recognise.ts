import { asArray, asNumber, asText, isObject, type Json } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';
import { hintOf, type SourceHint } from '../../agent.ts';
import { isTaskId, taskFiles, taskPlace, type TaskOwner } from './layout.ts';
import { parsedText } from './message.ts';

/** Programs whose messages can be told apart. */
export type Dialect = 'cline' | 'roo';

const packedName = /^(.+\.json)\.(?:gz|zst|zstd)$/;

/** A packed file of a task: a source by itself, while unpacked ones are read together as their folder. */
export function packedTaskFile(path: string, owner: TaskOwner): SourceHint | null {
  const place = taskPlace(path, owner);
  const name = packedName.exec(place?.file ?? '')?.[1];
  if (place === null || !taskFiles.some((file) => file === name)) return null;
  return hintOf({ sessionId: place.task, user: userOf(path.split('/')), form: 'document' });
}

/** What the path of a file tells that was recognised by its records. */
export function taskHintFor(path: string): SourceHint {
  const folders = path.split('/').slice(0, -1);
  const task = folders.at(-1) ?? '';
  const user = userOf(folders) ?? personAt(folders, 0);
  return hintOf({ sessionId: isTaskId(task) ? task : null, user, form: 'document' });
}

/** Whether the one record of a file is a task's messages, or one of the files beside them. */
export function isTaskDocument(records: readonly SourceRecord[], dialect: Dialect): boolean {
  const value = records[0]?.value;
  if (records.length !== 1 || value === undefined) return false;
  const messages = asArray(value);
  if (messages !== null) return messages.length > 0 && messages.every(isMessage) && dialectOf(messages) === dialect;
  if (!isObject(value)) return false;
  if (dialect === 'cline') return asArray(value['model_usage']) !== null && asArray(value['files_in_context']) !== null;
  return ['id', 'task', 'workspace'].every((name) => typeof value[name] === 'string') && asNumber(value['ts']) !== null;
}

function isMessage(value: Json): boolean {
  if (!isObject(value) || asNumber(value['ts']) === null) return false;
  const { type } = value;
  return (type === 'say' || type === 'ask') && asText(value[type]) !== null;
}

const rooTypes = new Set([
  'api_req_retry_delayed',
  'checkpoint_saved',
  'codebase_search_result',
  'condense_context',
  'rooignore_error',
  'sliding_window_truncation',
  'subtask_result',
]);

/** Kilo Code writes what Roo Code does, so a nameless file of it is taken for Roo Code's. */
function dialectOf(messages: readonly Json[]): Dialect {
  return messages.some((message) => isObject(message) && isRoo(message)) ? 'roo' : 'cline';
}

function isRoo(message: Readonly<Record<string, Json | undefined>>): boolean {
  if (rooTypes.has(asText(message['say']) ?? '')) return true;
  return message['say'] === 'api_req_started' && parsedText(message)?.['apiProtocol'] !== undefined;
}

const homeFolders = new Set(['.config', '.cline', '.vscode-server', '.cursor-server', '.windsurf-server']);
const systemFolders = new Set(['Library', 'AppData']);

/** The directory above the editor's or the program's own. */
function userOf(folders: readonly string[]): string | null {
  const home = folders.findIndex((name) => homeFolders.has(name) || systemFolders.has(name));
  return home === -1 ? null : personAt(folders, home - 1);
}

function personAt(folders: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (folders[index] ?? '');
  return name === '' || name === 'tasks' || name.startsWith('.') || isTaskId(name) ? null : name;
}
