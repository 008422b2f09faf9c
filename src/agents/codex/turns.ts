import { asNumber, asText } from '../../core/json.ts';
import type { Entry } from './entries.ts';
import { uuidTimeMs } from './threads.ts';

const turnStarts = new Set(['task_started', 'turn_started']);
const turnEnds = new Set(['task_complete', 'turn_complete', 'turn_aborted']);

/** Settings or the start of a turn: both name it. */
export function isTurnStart({ type, inner }: Entry): boolean {
  return type === 'turn_context' || (type === 'event_msg' && turnStarts.has(inner));
}

export function turnIdOf({ payload }: Entry): string | null {
  return asText(payload['turn_id']);
}

/** When a turn began, between two times, as it says itself: in its id, or to the second. These stay as they are in a copy. */
export function turnTimeMs(entry: Entry): readonly [earliest: number, latest: number] | null {
  const id = turnIdOf(entry);
  const exact = id === null ? null : uuidTimeMs(id);
  if (exact !== null) return [exact, exact];
  const seconds = asNumber(entry.payload['started_at']);
  return seconds === null ? null : [seconds * 1000, seconds * 1000 + 999];
}

/** What only the model's work leaves behind: no turn has it within moments of its start. */
export function isWork({ type, inner, payload }: Entry): boolean {
  if (type === 'compacted') return true;
  if (type === 'event_msg') return turnEnds.has(inner) || inner.startsWith('agent_') || inner.endsWith('_end');
  if (type !== 'response_item') return false;
  return inner === 'message'
    ? payload['role'] === 'assistant'
    : inner !== 'ghost_snapshot' && inner !== 'agent_message';
}
