import type { Micros } from '../core/event.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';

/** What happened in a session, told as a person would: prompts, work in between, trouble, pauses. */
export type Item =
  | {
      readonly item: 'prompt' | 'reply';
      readonly ts: Micros | null;
      readonly line: number | null;
      readonly text: string;
    }
  | {
      readonly item: 'work';
      readonly ts: Micros | null;
      readonly tool_calls: number;
      /** Calls by tool, most first. */
      readonly tools: readonly { readonly tool_name: string; readonly calls: number }[];
      readonly span_s: number;
    }
  | {
      readonly item: 'trouble';
      readonly ts: Micros | null;
      readonly line: number | null;
      /** error, denied, rejected, ...; `interrupt`, `api_error`, `compaction` for what is no tool result. */
      readonly what: string;
      readonly tool_name: string | null;
      readonly command: string | null;
      readonly text: string;
    }
  | { readonly item: 'pause'; readonly ts: Micros | null; readonly pause_s: number };

/** An event as `sesh show` reads it, in order of time. */
export interface ShownEvent {
  readonly ts: Micros | null;
  readonly tsSource: string | null;
  readonly line: number | null;
  readonly threadId: string;
  readonly kind: string;
  readonly subtype: string | null;
  readonly callId: string | null;
  readonly toolName: string | null;
  readonly command: string | null;
  readonly outcome: string | null;
  readonly text: string;
}

export function shownEvent(row: JsonObject): ShownEvent {
  return {
    ts: asNumber(row['ts_us']),
    tsSource: asText(row['ts_source']),
    line: asNumber(row['source_line']),
    threadId: asText(row['thread_id']) ?? '',
    kind: asText(row['kind']) ?? '',
    subtype: asText(row['subtype']),
    callId: asText(row['call_id']),
    toolName: asText(row['tool_name']),
    command: asText(row['command']),
    outcome: asText(row['outcome']),
    text: asText(row['text']) ?? '',
  };
}

const fine = new Set(['ok', 'unknown']);

/** `events` in order of time; a pause longer than `gapS` seconds becomes an item, calls between other items one. */
export function timelineOf(events: readonly ShownEvent[], gapS: number): readonly Item[] {
  const calls = new Map(events.filter(({ kind }) => kind === 'tool_call').map((event) => [event.callId, event]));
  const items: Item[] = [];
  let work: ShownEvent[] = [];
  let reply: ShownEvent | null = null;
  let before: Micros | null = null;
  const settle = (): void => {
    const done = workItem(work);
    if (done !== null) items.push(done);
    if (reply !== null) items.push({ item: 'reply', ts: reply.ts, line: reply.line, text: reply.text });
    work = [];
    reply = null;
  };
  for (const event of events) {
    const pauseS =
      event.tsSource !== 'event' || before === null || event.ts === null ? 0 : (event.ts - before) / 1_000_000;
    if (pauseS > gapS) {
      settle();
      items.push({ item: 'pause', ts: before, pause_s: pauseS });
    }
    if (event.tsSource === 'event' && event.ts !== null) before = event.ts;
    const told = toldItem(event, calls);
    if (told !== null) {
      settle();
      items.push(told);
    } else if (event.kind === 'tool_call') {
      work.push(event);
    } else if (event.kind === 'reply' && event.threadId === 'main') {
      // Of the replies between two items the last one says how it ended.
      reply = event;
    }
  }
  settle();
  return items;
}

/** The events that stand for themselves in the timeline; null for all others. */
function toldItem(event: ShownEvent, calls: ReadonlyMap<string | null, ShownEvent>): Item | null {
  const { ts, line, text } = event;
  switch (event.kind) {
    case 'prompt':
      return { item: 'prompt', ts, line, text };
    case 'tool_result': {
      if (event.outcome === null || fine.has(event.outcome)) return null;
      const call = event.callId === null ? undefined : calls.get(event.callId);
      const tool = { tool_name: call?.toolName ?? event.toolName, command: call?.command ?? event.command };
      return { item: 'trouble', ts, line, what: event.outcome, ...tool, text };
    }
    case 'interrupt':
    case 'api_error':
      return { item: 'trouble', ts, line, what: event.kind, tool_name: null, command: null, text };
    case 'system':
      if (event.subtype !== 'compaction') return null;
      return { item: 'trouble', ts, line, what: 'compaction', tool_name: null, command: null, text };
    default:
      return null;
  }
}

function workItem(work: readonly ShownEvent[]): Item | null {
  const [first] = work;
  if (first === undefined) return null;
  const counts = new Map<string, number>();
  for (const { toolName } of work) counts.set(toolName ?? '?', (counts.get(toolName ?? '?') ?? 0) + 1);
  const tools = [...counts]
    .map(([tool_name, calls]) => ({ tool_name, calls }))
    .sort((a, b) => b.calls - a.calls || (a.tool_name < b.tool_name ? -1 : 1));
  const times = work.map(({ ts }) => ts).filter((ts) => ts !== null);
  const spanS = times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / 1_000_000;
  return { item: 'work', ts: first.ts, tool_calls: work.length, tools, span_s: spanS };
}
