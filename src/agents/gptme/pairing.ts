import { asNumber, isObject, type JsonObject } from '../../core/json.ts';
import type { WrittenCall } from './written-call.ts';
import type { OpenCall, Source } from './source.ts';

/**
 * Names the calls of an answer. A written id is kept the first time it is used in a conversation; models that number their calls
 * anew use it again, and calls in code blocks have none: those are named by their message, which is the same in every copy.
 */
export function openCalls(
  calls: readonly WrittenCall[],
  message: string,
  metadata: JsonObject,
  source: Source,
): OpenCall[] {
  const stamp = stampOf(message);
  source.open = calls.map((call, index) => {
    const taken = call.id !== null && source.calls.has(call.id);
    const callId = call.id === null ? `${stamp}-${index + 1}` : taken ? `${call.id}-${stamp}-${index + 1}` : call.id;
    const open = { callId, toolName: call.toolName, durationS: durationOf(call, calls, metadata) };
    if (call.id !== null) source.calls.set(call.id, { call: open, answered: false });
    return open;
  });
  return source.open;
}

/** Short form of a message's key that still tells equal messages apart. */
function stampOf(message: string): string {
  const [digest = '', occurrence] = message.split(':');
  return occurrence === undefined ? digest.slice(0, 12) : `${digest.slice(0, 12)}.${occurrence}`;
}

/** The call that a system message answers; null when it answers none (a tool may say more than one thing). */
export function answeredCall(text: string, writtenId: string | null, source: Source): OpenCall | null {
  if (writtenId !== null) return callWithId(writtenId, source);
  const family = familyOf(text);
  const fitting = source.open.find((call) => family?.has(call.toolName) === true);
  const call = fitting ?? source.open[0] ?? null;
  if (call !== null) close(call, source);
  return call;
}

function callWithId(writtenId: string, source: Source): OpenCall | null {
  const known = source.calls.get(writtenId);
  if (known === undefined) return { callId: writtenId, toolName: 'unknown', durationS: null };
  if (known.answered) return null;
  known.answered = true;
  close(known.call, source);
  return known.call;
}

function close(call: OpenCall, source: Source): void {
  source.open = source.open.filter((other) => other !== call);
}

const families: readonly (readonly [RegExp, ReadonlySet<string>])[] = [
  [/^(?:Ran (?:allowlisted )?command|Command (?:timed out|interrupted|denied))\b/, new Set(['shell'])],
  [/^Saved to /, new Set(['save', 'append'])],
  [/^Patch successfully applied/, new Set(['patch', 'morph'])],
];

/** The tools that can have said it. */
function familyOf(text: string): ReadonlySet<string> | null {
  const named = /^Error executing tool '([^'\n]{1,80})'/.exec(text)?.[1];
  if (named !== undefined) return new Set([named]);
  return families.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** `timings` sums the tools of an answer, and by their names: it tells a call's time when no other shares the sum. */
function durationOf(call: WrittenCall, calls: readonly WrittenCall[], metadata: JsonObject): number | null {
  const timings = metadata['timings'];
  if (!isObject(timings)) return null;
  const byName = timings['tool_ms_by_name'];
  const alone = calls.filter(({ toolName }) => toolName === call.toolName).length === 1;
  const named = alone && isObject(byName) ? asNumber(byName[call.toolName]) : null;
  const milliseconds = named ?? (calls.length === 1 ? asNumber(timings['tool_ms']) : null);
  return milliseconds === null || milliseconds < 0 ? null : milliseconds / 1000;
}
