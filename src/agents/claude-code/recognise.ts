import { hintOf, type SourceHint } from '../agent.ts';
import { MAIN_THREAD } from '../../core/ids.ts';
import { isObject, type Json } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';

const uuidPattern = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const uuid = new RegExp(`^${uuidPattern}$`, 'i');
const uuidInName = new RegExp(uuidPattern, 'gi');

/** A project's directory: the path with `-` for every other sign, so it begins with `-` or a Windows drive. */
const encodedDirectory = /^(?:-|[A-Za-z]--)/;
const agentFile = /^agent-(.+)\.jsonl$/;
/** Claude Code packs nothing, but people pack what it left. */
const packing = /\.(?:gz|zst|zstd)$/;
/** Files that replay messages of the main file: compaction of a sub-agent, side questions (formats.md 1.1). */
const replayFile = /^(?:acompact|aside_question)-/;

/** The hint of a transcript in the agent's own layout, at the root or under any `projects` of a collected tree. */
export function recogniseClaude(path: string): SourceHint | null {
  const parts = path.split('/');
  const projects = parts.lastIndexOf('projects', parts.length - 2);
  const owner = projects > 0 ? (parts[projects - 1] ?? '') : '';
  // Clones with the same format keep it under a name of their own: `.openclaude/projects`.
  if (owner.startsWith('.') && owner !== '.claude') return null;
  const inside = parts.slice(projects + 1);
  if (owner !== '.claude' && !encodedDirectory.test(inside[0] ?? '')) return null;
  return hintOfLayout(inside, userOf(parts));
}

/** What the path of a file tells that was recognised by its records. */
export function claudeHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const name = (parts.at(-1) ?? '').replace(packing, '');
  const thread = agentFile.exec(name)?.[1] ?? null;
  const subagents = parts.lastIndexOf('subagents');
  const session = thread === null ? lastUuid(name) : lastUuid(subagents > 0 ? (parts[subagents - 1] ?? '') : '');
  return hintOf({
    sessionId: session,
    threadId: thread,
    replay: thread !== null && replayFile.test(thread),
    user: userOf(parts) ?? firstDirectory(parts),
  });
}

/** Whether the first records of a file whose path says nothing are this agent's. */
export function recogniseClaudeRecords(records: readonly SourceRecord[]): boolean {
  const verdicts = new Set(records.map((record) => verdictOn(record.value)));
  return verdicts.has('ours') && !verdicts.has('foreign');
}

function hintOfLayout(inside: readonly string[], user: string | null): SourceHint | null {
  const name = (inside.at(-1) ?? '').replace(packing, '');
  const thread = agentFile.exec(name)?.[1] ?? null;
  if (inside.length === 2) {
    if (thread !== null) return hintOf({ threadId: thread, replay: replayFile.test(thread), user });
    const session = name.endsWith('.jsonl') ? name.slice(0, -'.jsonl'.length) : '';
    return uuid.test(session) ? hintOf({ sessionId: session, threadId: MAIN_THREAD, user }) : null;
  }
  const [, session = '', folder] = inside;
  if (inside.length < 4 || folder !== 'subagents' || thread === null || !uuid.test(session)) return null;
  return hintOf({ sessionId: session, threadId: thread, replay: replayFile.test(thread), user });
}

/** The directory above `.claude` (or `.config/claude`), else above `projects`. */
function userOf(parts: readonly string[]): string | null {
  const last = parts.length - 2;
  const claude = parts.lastIndexOf('.claude', last);
  if (claude !== -1) return personAt(parts, claude - 1);
  const projects = parts.lastIndexOf('projects', last);
  const inConfig = parts[projects - 1] === 'claude' && parts[projects - 2] === '.config';
  return personAt(parts, inConfig ? projects - 3 : projects - 1);
}

function firstDirectory(parts: readonly string[]): string | null {
  return parts.length > 1 ? personAt(parts, 0) : null;
}

/** A directory that can be a person's: not a project, a session, or one of the desktop program's runs. */
function personAt(parts: readonly string[], index: number): string | null {
  const name = index < 0 ? '' : (parts[index] ?? '');
  const technical = name === '' || name.startsWith('.') || name.startsWith('local_');
  return technical || encodedDirectory.test(name) || uuid.test(name) ? null : name;
}

function lastUuid(name: string): string | null {
  return name.match(uuidInName)?.at(-1) ?? null;
}

const ownTypes = new Set([
  'user',
  'assistant',
  'system',
  'attachment',
  'progress',
  'summary',
  'queue-operation',
  'file-history-snapshot',
  'file-history-delta',
  'permission-mode',
  'mode',
  'last-prompt',
  'custom-title',
  'ai-title',
  'agent-name',
  'agent-setting',
  'tag',
  'pr-link',
  'frame-link',
  'bridge-session',
  'worktree-state',
  'relocated',
  'continued-in',
  'derived-from',
  'compact_boundary',
]);

/** `foreign`: a shape that only another agent writes (Qwen's message parts, Codex's payload, pi's session line). */
function verdictOn(value: Json): 'ours' | 'foreign' | 'open' {
  if (!isObject(value)) return 'open';
  const { type, message, sessionId } = value;
  if (isObject(value['payload']) || value['systemPayload'] !== undefined) return 'foreign';
  if (type === 'session' || type === 'session_start' || type === 'session_meta') return 'foreign';
  if (isObject(message) && message['parts'] !== undefined) return 'foreign';
  if (typeof type !== 'string' || !ownTypes.has(type)) return 'open';
  if (type === 'summary') return typeof value['leafUuid'] === 'string' ? 'ours' : 'open';
  if (type === 'file-history-snapshot') return isObject(value['snapshot']) ? 'ours' : 'open';
  if ((type === 'user' || type === 'assistant') && !isObject(message)) return 'open';
  return typeof sessionId === 'string' || (typeof value['uuid'] === 'string' && isObject(message)) ? 'ours' : 'open';
}
