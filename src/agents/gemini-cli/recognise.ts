import { asArray, asText, isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { hintOf, type SourceForm, type SourceHint } from '../agent.ts';

const sessionFile = /^session-.+\.(jsonl?)(?:\.(?:gz|zst|zstd))?$/;
const subAgentFile = /^(.+)\.jsonl(?:\.(?:gz|zst|zstd))?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `<project>/chats/session-*.json[l]`, and a sub-agent's `<project>/chats/<parent session>/<id>.jsonl`. */
export function recogniseGemini(path: string): SourceHint | null {
  const parts = path.split('/');
  if (parts.includes('.qwen')) return null;
  const form = formOf(parts.at(-1) ?? '');
  if (parts.at(-2) === 'chats' && form !== null) return hintOf({ user: userOf(parts), form });
  return subAgentHint(parts, (parent) => parts.includes('.gemini') || uuid.test(parent));
}

/** What the path of a file tells that was recognised by its records. */
export function geminiHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const user = userOf(parts) ?? firstDirectory(parts);
  const subAgent = subAgentHint(parts, () => true);
  return subAgent === null ? hintOf({ user }) : { ...subAgent, user };
}

/** The header of a session, or a document with one: no other agent writes a `projectHash`. */
export function recogniseGeminiRecords(records: readonly SourceRecord[]): boolean {
  return records.some(({ value }) => {
    if (!isObject(value) || asText(value['sessionId']) === null || asText(value['projectHash']) === null) return false;
    return value['messages'] === undefined ? asText(value['startTime']) !== null : asArray(value['messages']) !== null;
  });
}

function formOf(name: string): SourceForm | null {
  const extension = sessionFile.exec(name)?.[1];
  if (extension === undefined) return null;
  return extension === 'json' ? 'document' : 'lines';
}

/** The path of a sub-agent names two sessions: the folder is the parent's, which `adapt` takes from `sessionId`. */
function subAgentHint(parts: readonly string[], isParent: (name: string) => boolean): SourceHint | null {
  const [chats, parent = '', name = ''] = parts.slice(-3);
  const own = subAgentFile.exec(name)?.[1];
  if (chats !== 'chats' || own === undefined || parent === '' || !isParent(parent)) return null;
  return hintOf({ sessionId: parent, threadId: own, user: userOf(parts) });
}

/** The directory above `.gemini`. */
function userOf(parts: readonly string[]): string | null {
  const folder = parts.lastIndexOf('.gemini');
  return folder > 0 ? personAt(parts, folder - 1) : null;
}

function firstDirectory(parts: readonly string[]): string | null {
  return parts.length > 1 ? personAt(parts, 0) : null;
}

function personAt(parts: readonly string[], index: number): string | null {
  const name = parts[index] ?? '';
  const technical = name === '' || name.startsWith('.') || name === 'tmp' || name === 'chats';
  return technical || uuid.test(name) || /^[0-9a-f]{64}$/.test(name) ? null : name;
}
