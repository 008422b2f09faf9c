import { MAIN_THREAD } from '../../core/ids.ts';
import { hintOf, type SourceHint } from '../agent.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const transcript = /^(.+?)\.jsonl(?:\.gz|\.zst)?$/;
const TRANSCRIPTS = 'agent-transcripts';

/** `<project>/agent-transcripts/<id>/<id>.jsonl`, flat `<id>.jsonl`, and sub-agents in `<id>/subagents/`. */
export function recogniseCursor(path: string): SourceHint | null {
  const parts = path.split('/');
  const at = parts.lastIndexOf(TRANSCRIPTS);
  if (at === -1) return null;
  const inside = parts.slice(at + 1);
  const name = transcript.exec(inside.at(-1) ?? '')?.[1];
  if (name === undefined) return null;
  const [session = ''] = inside.length === 1 ? [name] : inside;
  if (!uuid.test(session)) return null;
  const user = userAbove(parts, at);
  if (inside.length <= 2 && name === session) return hintOf({ sessionId: session, threadId: MAIN_THREAD, user });
  const isSubAgent = inside.length === 3 && inside[1] === 'subagents';
  return isSubAgent ? hintOf({ sessionId: session, threadId: name, user }) : null;
}

/** What the path of a file tells that was recognised by its records: only the file's name can name the session. */
export function cursorHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const name = transcript.exec(parts.at(-1) ?? '')?.[1] ?? '';
  const first = parts.length > 1 ? parts[0] : undefined;
  const user = first === undefined || first.startsWith('.') ? null : first;
  return recogniseCursor(path) ?? hintOf({ sessionId: uuid.test(name) ? name : null, user });
}

/** The directory above `.cursor/projects/<project>`; a project's directory is named like any other. */
function userAbove(parts: readonly string[], transcripts: number): string | null {
  const projects = transcripts - 2;
  if (parts[projects] !== 'projects') return null;
  const person = parts[parts[projects - 1] === '.cursor' ? projects - 2 : projects - 1];
  return person === undefined || person.startsWith('.') ? null : person;
}
