import { MAIN_THREAD } from '../../core/ids.ts';
import { asArray, asText, isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceHint } from '../agent.ts';

const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Session ids are UUIDs, also written without their dashes. */
const sessionName = new RegExp(`^(?:${uuidPattern}|[0-9a-f]{32})$`, 'i');
const uuidInName = new RegExp(uuidPattern, 'gi');
const lines = /^(.+)\.jsonl(?:\.(?:gz|zst|zstd))?$/;
const agentFile = /^agent-(.+)$/;

/** `<project>/chats/<session>.jsonl` and `<project>/subagents/<session>/agent-<id>.jsonl`. */
export function recogniseQwen(path: string): SourceHint | null {
  const parts = path.split('/');
  const name = lines.exec(parts.at(-1) ?? '')?.[1];
  if (name === undefined) return null;
  const isOwn = parts.includes('.qwen');
  if (parts.at(-2) === 'chats' && (isOwn || sessionName.test(name)) && !name.startsWith('session-')) {
    return hintOf({ sessionId: name, threadId: MAIN_THREAD, user: userOf(parts) });
  }
  const [folder, session = '', thread] = [parts.at(-3), parts.at(-2), agentFile.exec(name)?.[1]];
  if (folder !== 'subagents' || thread === undefined || !(isOwn || sessionName.test(session))) return null;
  return hintOf({ sessionId: session, threadId: thread, user: userOf(parts) });
}

/** What the path of a file tells that was recognised by its records. */
export function qwenHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const name = lines.exec(parts.at(-1) ?? '')?.[1] ?? '';
  const thread = agentFile.exec(name)?.[1] ?? null;
  const session = (thread === null ? name : (parts.at(-2) ?? '')).match(uuidInName)?.at(-1) ?? null;
  return hintOf({ sessionId: session, threadId: thread, user: userOf(parts) ?? firstDirectory(parts) });
}

/** Lines with a uuid and its parent, as Claude Code writes them, but with Gemini's `message.parts` or a `systemPayload`. */
export function recogniseQwenRecords(records: readonly SourceRecord[]): boolean {
  return records.some(({ value }) => isOwnLine(value));
}

function isOwnLine(value: Json): boolean {
  if (!isObject(value) || asText(value['uuid']) === null || value['parentUuid'] === undefined) return false;
  const message = value['message'];
  if (isObject(message) && asArray(message['parts']) !== null) return true;
  return value['type'] === 'system' && isObject(value['systemPayload']);
}

/** The directory above `.qwen`, else above `projects`. */
function userOf(parts: readonly string[]): string | null {
  const own = parts.lastIndexOf('.qwen');
  if (own !== -1) return personAt(parts, own - 1);
  return personAt(parts, parts.lastIndexOf('projects', parts.length - 2) - 1);
}

function firstDirectory(parts: readonly string[]): string | null {
  return parts.length > 1 ? personAt(parts, 0) : null;
}

function personAt(parts: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (parts[index] ?? '');
  const technical = name === '' || /^[.-]/.test(name) || ['projects', 'chats', 'subagents'].includes(name);
  return technical || sessionName.test(name) ? null : name;
}
