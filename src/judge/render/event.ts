import { asNumber, asText, type JsonObject } from '../../core/json.ts';

/** An event of one session as view `intermediate.judge_events_of` has it. Texts are as stored: bounded, not redacted. */
export interface SessionEvent {
  readonly eventId: string;
  /** The person's own thread: not a sub-agent's. */
  readonly isMain: boolean;
  readonly thread: string;
  readonly sourceId: string;
  readonly sourceLine: number | null;
  readonly seq: number;
  /** Microseconds since 1970. */
  readonly tsUs: number | null;
  readonly kind: string;
  readonly subtype: string | null;
  readonly text: string | null;
  readonly callId: string | null;
  readonly toolName: string | null;
  readonly toolKind: string | null;
  readonly command: string | null;
  readonly filePath: string | null;
  readonly input: string | null;
  readonly outcome: string | null;
  readonly exitCode: number | null;
}

export function readEvent(row: JsonObject): SessionEvent {
  return {
    eventId: asText(row['event_id']) ?? '',
    isMain: row['is_main'] === true,
    thread: asText(row['thread']) ?? '',
    sourceId: asText(row['source_id']) ?? '',
    sourceLine: asNumber(row['source_line']),
    seq: asNumber(row['seq']) ?? 0,
    tsUs: asNumber(row['ts_us']),
    kind: asText(row['kind']) ?? '',
    subtype: asText(row['subtype']),
    text: asText(row['text']),
    callId: asText(row['call_id']),
    toolName: asText(row['tool_name']),
    toolKind: asText(row['tool_kind']),
    command: asText(row['command']),
    filePath: asText(row['file_path']),
    input: asText(row['input']),
    outcome: asText(row['outcome']),
    exitCode: asNumber(row['exit_code']),
  };
}

/** The order in which things happened, whatever order the rows came in; events without a time come last. */
export function inOrder(events: readonly SessionEvent[]): readonly SessionEvent[] {
  return [...events].sort(
    (a, b) =>
      (a.tsUs ?? Number.MAX_SAFE_INTEGER) - (b.tsUs ?? Number.MAX_SAFE_INTEGER) ||
      Number(b.isMain) - Number(a.isMain) ||
      byCodeUnits(a.sourceId, b.sourceId) ||
      a.seq - b.seq ||
      byCodeUnits(a.eventId, b.eventId),
  );
}

/** Not localeCompare: the order must be the same on every machine. */
function byCodeUnits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
