import { asArray, asNumber, asText, isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceHint } from '../agent.ts';

const threadFile = /^(T-.+)\.json(?:\.(?:gz|zst|zstd))?$/;
const threadId = /T-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** `T-<uuid>.json` anywhere, `T-<other>.json` in the agent's own `threads` folder. */
export function recogniseAmp(path: string): SourceHint | null {
  const parts = path.split('/');
  const thread = threadFile.exec(parts.at(-1) ?? '')?.[1];
  if (thread === undefined) return null;
  const isOwn = parts.at(-2) === 'threads' && parts.at(-3) === 'amp';
  if (!isOwn && threadId.exec(thread)?.[0] !== thread) return null;
  return hintOf({ sessionId: thread, user: userOf(parts.slice(0, -1)), form: 'document' });
}

/** What the path of a file tells that was recognised by its records. */
export function ampHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const folders = parts.slice(0, -1);
  return hintOf({
    sessionId: threadId.exec(parts.at(-1) ?? '')?.[0] ?? null,
    user: userOf(folders) ?? personAt(folders, 0),
    form: 'document',
  });
}

/** One document with the id of a thread and messages that hold blocks. */
export function recogniseAmpRecords(records: readonly SourceRecord[]): boolean {
  const value = records[0]?.value;
  if (records.length !== 1 || !isObject(value)) return false;
  const messages = asArray(value['messages']);
  if (messages === null || !messages.every(isMessage) || !(asText(value['id']) ?? '').startsWith('T-')) return false;
  return asNumber(value['v']) !== null || asNumber(value['created']) !== null;
}

function isMessage(message: Json): boolean {
  return isObject(message) && asText(message['role']) !== null && asArray(message['content']) !== null;
}

/** The directory above `.local/share/amp`, or above what a collector left of it. */
function userOf(folders: readonly string[]): string | null {
  const local = folders.lastIndexOf('.local');
  if (local !== -1) return personAt(folders, local - 1);
  const amp = folders.lastIndexOf('amp');
  const threads = folders.lastIndexOf('threads');
  return personAt(folders, (amp === -1 ? threads : amp) - 1);
}

function personAt(folders: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (folders[index] ?? '');
  return name === '' || name.startsWith('.') || name === 'threads' || name === 'amp' ? null : name;
}
