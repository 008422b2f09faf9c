import { hintOf, type SourceHint } from '../../agent.ts';
import { isObject, type Json } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';

/** Whether the one record of a file is a session as `export` writes it: `{info, messages: [{info, parts}]}`. */
export function isExport(records: readonly SourceRecord[]): boolean {
  const value = records[0]?.value;
  if (records.length !== 1 || !isObject(value)) return false;
  const { info, messages } = value;
  if (!isObject(info) || !Array.isArray(messages) || !isObject(info['time'])) return false;
  const isSession = typeof info['id'] === 'string' && typeof info['directory'] === 'string';
  return isSession && messages.every(isExportedMessage);
}

function isExportedMessage(message: Json): boolean {
  if (!isObject(message) || !Array.isArray(message['parts'])) return false;
  const { info } = message;
  return isObject(info) && (info['role'] === 'user' || info['role'] === 'assistant');
}

/** What a path tells of an export, whose names say nothing, or of a collection in the agent's data directory `directory`. */
export function storeHint(path: string, directory: string): SourceHint {
  const isCollection = path.endsWith('.db') || /(?:^|\/)storage\//.test(path);
  return hintOf({ form: isCollection ? 'lines' : 'document', user: userOf(path.split('/').slice(0, -1), directory) });
}

/** The folder above `.local/share/<directory>`, or above what a collector left of it; else the first one. */
function userOf(folders: readonly string[], directory: string): string | null {
  const share = folders.lastIndexOf('.local');
  if (share !== -1) return personAt(folders, share - 1);
  const data = folders.lastIndexOf(directory);
  const storage = folders.lastIndexOf('storage');
  if (data !== -1 || storage !== -1) return personAt(folders, (data === -1 ? storage : data) - 1);
  return personAt(folders, 0);
}

function personAt(folders: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (folders[index] ?? '');
  return name === '' || name.startsWith('.') ? null : name;
}
