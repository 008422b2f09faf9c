import { isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceHint } from '../agent.ts';

/** The thread of a hint for a view: its messages are those of the main file, compacted. */
export const VIEW_THREAD = 'view';

const conversationFile = /^conversation\.jsonl(?:\.gz|\.zst)?$/;
const branchFile = /^[^/]+\.jsonl(?:\.gz|\.zst)?$/;
const configFile = /^config\.toml(?:\.gz|\.zst)?$/;

/** Conversations of gptme's own tests and evaluations (formats.md 4.1). */
const testConversation = /^(?:tmp|test-|gptme-evals-)/;

/** Directories that hold a `config.toml` of another program, or gptme's own of the whole machine. */
const foreignConfig = /^\.|^gptme$/;

/** A conversation, a branch or a configuration, in the directory of the logs or below any `logs`. */
export function recogniseGptme(path: string): SourceHint | null {
  const parts = path.split('/');
  const file = parts.at(-1) ?? '';
  const branch = parts.at(-2) === 'branches' && branchFile.test(file);
  const name = (branch ? parts.at(-3) : parts.at(-2)) ?? '';
  const above = parts.slice(0, branch ? -3 : -2);
  if (name === '' || testConversation.test(name)) return null;
  if (above.length > 0 && above.at(-1) !== 'logs') return null;
  const known = { sessionId: name, user: userOf(above) };
  if (branch) return hintOf({ ...known, replay: true });
  if (conversationFile.test(file)) return hintOf(known);
  return configFile.test(file) && !foreignConfig.test(name) ? hintOf({ ...known, form: 'text' }) : null;
}

/** Test conversations in a directory of logs, also where files are recognised by what is in them. */
export function ignoresGptme(path: string): boolean {
  const parts = path.split('/');
  const logs = parts.lastIndexOf('logs');
  const gptme = parts[logs - 1] === 'gptme';
  return gptme && parts.length > logs + 2 && testConversation.test(parts[logs + 1] ?? '');
}

/** What the path of a file tells that was recognised by its records. */
export function gptmeHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const folder = parts.at(-2);
  const inside = folder === 'branches' || folder === 'views';
  const named = inside || conversationFile.test(parts.at(-1) ?? '');
  const above = parts.slice(0, inside ? -3 : named ? -2 : -1);
  return hintOf({
    sessionId: (named ? (inside ? parts.at(-3) : folder) : null) ?? null,
    threadId: folder === 'views' ? VIEW_THREAD : null,
    replay: inside,
    user: userOf(above) ?? personAt(above, 0),
  });
}

/** The directory above `.local/share/gptme/logs`, above `gptme/logs`, or above `logs`. */
function userOf(above: readonly string[]): string | null {
  let end = above.length;
  if (above[end - 1] === 'logs') end -= 1;
  if (above[end - 1] === 'gptme') end -= 1;
  if (above[end - 1] === 'share' && above[end - 2] === '.local') end -= 2;
  else if (above[end - 1] === 'Application Support' && above[end - 2] === 'Library') end -= 2;
  return end === above.length ? null : personAt(above, end - 1);
}

function personAt(parts: readonly string[], index: number): string | null {
  const name = parts[index] ?? '';
  return name === '' || name.startsWith('.') ? null : name;
}

const messageFields = new Set([
  'role',
  'content',
  'timestamp',
  'files',
  'file_hashes',
  'pinned',
  'hide',
  'quiet',
  'ui_only',
  'ephemeral_ttl',
  'call_id',
  'metadata',
]);

/** Every record has only a message's fields, and one is a whole message with its time. */
export function recogniseGptmeRecords(records: readonly SourceRecord[]): boolean {
  const objects = records.flatMap(({ value }) => (isObject(value) ? [value] : []));
  if (objects.length !== records.length) return false;
  return (
    objects.every((value) => Object.keys(value).every((field) => messageFields.has(field))) && objects.some(isWhole)
  );
}

function isWhole({ role, content, timestamp }: { readonly [key: string]: Json | undefined }): boolean {
  const known = role === 'system' || role === 'user' || role === 'assistant';
  return known && typeof content === 'string' && typeof timestamp === 'string';
}
