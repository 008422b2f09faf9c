import { isCheckCommand, isReadOnlyCommand } from './commands.ts';
import { inputText } from './input-text.ts';
import type { SessionEvent } from './event.ts';

/** Who made the words of an entry. `harness`: the program around the agent. */
type Role = 'user' | 'agent' | 'tool' | 'harness';

/** What of an entry may prove, once it is quoted. */
type Proof = 'user' | 'tool_result' | 'diff' | 'claim';

/**
 * How long an entry stays when room is short: `always` never goes; of the others `reading` goes first, then in this order up
 * to `check`.
 */
export const weights = ['reading', 'subagent', 'note', 'message', 'action', 'change', 'check'] as const;
export type Weight = (typeof weights)[number] | 'always';

/** One event that the judge is shown, before redaction. */
export interface Entry {
  readonly event: SessionEvent;
  readonly role: Role;
  /** What it is, in fixed words: `shell call`. */
  readonly label: string;
  readonly text: string;
  readonly proof: Proof;
  readonly weight: Weight;
  /** The entry of the call, for a result. */
  readonly call: number | null;
}

/** The events that are shown, in order: no thinking, no bookkeeping, of progress reports only the last of an unfinished call. */
export function entriesOf(ordered: readonly SessionEvent[]): readonly Entry[] {
  const answered = new Set(ordered.filter((event) => event.kind === 'tool_result').map((event) => event.callId));
  const lastProgress = new Map(
    ordered.filter((event) => event.kind === 'progress').map((event) => [event.callId, event]),
  );
  const calls = new Map<string, number>();
  const worked = new Set(ordered.filter(isFineResult).map((event) => event.callId));
  const entries: Entry[] = [];
  for (const event of ordered) {
    const unfinished = !answered.has(event.callId) && lastProgress.get(event.callId) === event;
    if (event.kind === 'progress' && !unfinished) continue;
    const call = event.kind === 'tool_call' || event.callId === null ? null : (calls.get(event.callId) ?? null);
    const entry = entryOf(event, call === null ? null : { index: call, entry: entries[call] }, worked);
    if (entry === null) continue;
    if (event.kind === 'tool_call' && event.callId !== null) calls.set(event.callId, entries.length);
    entries.push(entry);
  }
  return entries;
}

function isFineResult(event: SessionEvent): boolean {
  return event.kind === 'tool_result' && (event.outcome === 'ok' || event.outcome === 'unknown');
}

interface CallOfResult {
  readonly index: number;
  readonly entry: Entry | undefined;
}

function entryOf(event: SessionEvent, call: CallOfResult | null, worked: ReadonlySet<string | null>): Entry | null {
  const made = (role: Role, label: string, proof: Proof, weight: Weight, text = event.text ?? ''): Entry => ({
    event,
    role,
    label: event.isMain || role === 'user' ? label : `sub-agent: ${label}`,
    text,
    proof,
    weight: event.isMain || weight === 'check' || weight === 'change' || weight === 'always' ? weight : 'subagent',
    call: call?.index ?? null,
  });
  switch (event.kind) {
    case 'prompt':
      if (!event.isMain) return made('agent', 'task of the sub-agent', 'claim', 'subagent');
      return made('user', 'message', 'user', 'always');
    case 'reply':
      return (event.text ?? '').trim() === '' ? null : made('agent', 'message', 'claim', 'message');
    case 'tool_call': {
      const kind = event.toolKind ?? 'other';
      const proof = (kind === 'edit' || kind === 'write') && worked.has(event.callId) ? 'diff' : 'claim';
      return made('agent', `${kind} call`, proof, weightOfCall(event), inputText(event));
    }
    case 'tool_result':
    case 'progress':
      return resultEntry(event, call, made);
    case 'interrupt':
      return made('harness', 'the user interrupted the agent', 'user', 'check');
    case 'api_error':
      return made('harness', 'the model service failed', 'claim', 'note');
    case 'system':
      return event.subtype === 'compaction'
        ? made('harness', 'earlier conversation was summarised', 'claim', 'note', '')
        : null;
    case 'hook':
      return event.subtype === 'blocked' || event.subtype === 'failed'
        ? made('harness', `hook ${event.subtype}`, 'tool_result', 'check')
        : null;
    case 'meta':
      return metaEntry(event, made);
    default:
      return null;
  }
}

type Make = (role: Role, label: string, proof: Proof, weight: Weight, text?: string) => Entry;

function metaEntry(event: SessionEvent, made: Make): Entry | null {
  switch (event.subtype) {
    case 'command':
      return event.isMain ? made('user', 'command', 'user', 'always') : null;
    case 'shell':
      return event.isMain ? made('user', 'shell command', 'user', 'always') : null;
    case 'shell_output':
    case 'command_output':
      return (event.text ?? '').trim() === ''
        ? null
        : made('harness', "output of the user's command", 'tool_result', 'action');
    case 'subagent_prompt':
      return made('agent', 'task of the sub-agent', 'claim', 'subagent');
    case 'notification':
      return made('harness', 'notification', 'claim', 'note');
    default:
      return null;
  }
}

/** What a sub-agent or a list of tasks answers is the agent's own word. */
function resultEntry(event: SessionEvent, call: CallOfResult | null, made: Make): Entry {
  const outcome = event.kind === 'progress' ? 'unfinished' : (event.outcome ?? 'unknown');
  const exit = event.exitCode === null ? '' : `, exit code ${event.exitCode}`;
  const toolKind = call?.entry?.event.toolKind;
  const own = toolKind === 'subagent' || toolKind === 'plan';
  const calm = outcome === 'ok' || outcome === 'unknown' || outcome === 'unfinished';
  const weight = calm ? (call?.entry?.weight ?? 'action') : 'check';
  return made('tool', `result, ${outcome}${exit}`, own ? 'claim' : 'tool_result', weight);
}

function weightOfCall(event: SessionEvent): Weight {
  switch (event.toolKind) {
    case 'read':
    case 'search':
    case 'web':
      return 'reading';
    case 'edit':
    case 'write':
    case 'plan':
      return 'change';
    case 'shell': {
      const command = event.command ?? '';
      if (isCheckCommand(command)) return 'check';
      return command !== '' && isReadOnlyCommand(command) ? 'reading' : 'action';
    }
    default:
      return 'action';
  }
}
