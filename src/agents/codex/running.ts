import type { AgentEvent, Micros } from '../../core/event.ts';
import { asText, type JsonObject } from '../../core/json.ts';
import { resultEvent } from './answers.ts';
import type { Owned } from './lineage.ts';
import { outcomeOfExit } from './outcome.ts';
import type { Output } from './output.ts';
import type { ResultFields, Running, Source } from './source.ts';

/** A look that came back sooner did not wait: the command had ended before it. */
const WAITED_S = 0.05;
const CTRL_C = '\u0003';

/** The answer to a command that goes on: the command's own result waits for its end, which a later call sees (formats.md 2.4). */
export function keepRunning(owned: Owned, callId: string, output: Output, fields: ResultFields, source: Source): void {
  if (output.terminal === null) return;
  const seenUs = owned.entry.ts;
  const begunUs = seenUs === null || output.durationS === null ? null : seenUs - microsOf(output.durationS);
  const command = source.calls.get(callId)?.command ?? null;
  source.running.set(output.terminal, { callId, command, begunUs, seenUs, isStopped: false });
  source.unfinished.set(callId, { owned, text: output.text, fields });
}

/** What a call that looks at a running command, or types into it, tells of that command: that it goes on, or its end. */
export function lookedAt(owned: Owned, terminal: string, output: Output, source: Source): readonly AgentEvent[] {
  const running = source.running.get(terminal);
  const first = running === undefined ? undefined : source.unfinished.get(running.callId);
  if (running === undefined || first === undefined) return [];
  const text = hasPrinted(output) ? output.text : first.text;
  if (output.terminal !== null) {
    const seenUs = owned.entry.ts ?? running.seenUs;
    source.running.set(terminal, { ...running, seenUs });
    const fields = { ...first.fields, durationS: secondsBetween(running.begunUs, seenUs) ?? first.fields.durationS };
    source.unfinished.set(running.callId, { owned, text, fields });
    return [];
  }
  if (output.exitCode === null) return [];
  const fields = {
    outcome: running.isStopped && output.exitCode !== 0 ? 'cancelled' : outcomeOfExit(output.exitCode, output.text),
    exitCode: output.exitCode,
    durationS: secondsBetween(running.begunUs, endOf(running, owned, output)) ?? first.fields.durationS,
  } as const;
  source.unfinished.delete(running.callId);
  return [resultEvent(owned, running.callId, text, fields, source)];
}

/** Ctrl-C: what ends now was stopped on purpose. */
export function typedInto(terminal: string, input: JsonObject | null, source: Source): void {
  const running = source.running.get(terminal);
  if (running === undefined || asText(input?.['chars'])?.includes(CTRL_C) !== true) return;
  source.running.set(terminal, { ...running, isStopped: true });
}

/** When a look waited for the end, its own time; else only the last time that the command was seen to run is certain. */
function endOf(running: Running, { entry }: Owned, { durationS }: Output): Micros | null {
  return durationS !== null && durationS < WAITED_S ? running.seenUs : (entry.ts ?? running.seenUs);
}

function hasPrinted({ text }: Output): boolean {
  return !/(?:^|\n)Output:\s*$/.test(text) && text.trim() !== '';
}

function microsOf(seconds: number): Micros {
  return Math.round(seconds * 1e6);
}

function secondsBetween(from: Micros | null, until: Micros | null): number | null {
  return from === null || until === null || until < from ? null : (until - from) / 1e6;
}
