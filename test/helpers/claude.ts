import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Invented Claude Code records: only what a test is about has to be said. */
interface Common {
  readonly session: string;
  readonly uuid: string;
  /** ISO instant. */
  readonly at: string;
  readonly cwd?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

function envelope({ session, uuid, at, cwd = '/home/ann/shop', extra = {} }: Common, type: string) {
  return {
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd,
    sessionId: session,
    version: '2.1.60',
    gitBranch: 'main',
    type,
    uuid,
    timestamp: at,
    ...extra,
  };
}

export function promptLine(common: Common, text: string): string {
  return JSON.stringify({ ...envelope(common, 'user'), message: { role: 'user', content: text } });
}

interface Reply {
  readonly text: string;
  readonly messageId: string;
  readonly outputTokens: number;
}

export function replyLine(common: Common, { text, messageId, outputTokens }: Reply): string {
  return JSON.stringify({
    ...envelope(common, 'assistant'),
    requestId: `req_${messageId}`,
    message: {
      id: messageId,
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-6',
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 10,
        output_tokens: outputTokens,
        cache_read_input_tokens: 1000,
        cache_creation_input_tokens: 0,
      },
    },
  });
}

export function callLine(
  common: Common,
  callId: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({
    ...envelope(common, 'assistant'),
    requestId: `req_${callId}`,
    message: {
      id: `msg_${callId}`,
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-4-6',
      content: [{ type: 'tool_use', id: callId, name, input }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 1, output_tokens: 2, cache_read_input_tokens: 3, cache_creation_input_tokens: 0 },
    },
  });
}

export function resultLine(common: Common, callId: string, content: string, isError = false): string {
  return JSON.stringify({
    ...envelope(common, 'user'),
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: callId, content, is_error: isError }] },
  });
}

/** A session id that reads well in a failure: `00000000-0000-4000-8000-00000000000N`. */
export function sessionNumber(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export function uuidNumber(n: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export function writeLines(file: string, lines: readonly string[], end = '\n'): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.join('\n') + end);
}

/** `n` minutes after 2026-02-05T10:00Z. */
export function minute(n: number): string {
  return new Date(Date.parse('2026-02-05T10:00:00Z') + n * 60_000).toISOString();
}

/** A prompt and its reply (a response of `n` output tokens), `n` minutes after ten: three events. */
export function turn(session: string, n: number): readonly string[] {
  return [
    promptLine({ session, uuid: uuidNumber(2 * n), at: minute(n) }, `do step ${n}`),
    replyLine(
      { session, uuid: uuidNumber(2 * n + 1), at: minute(n) },
      { text: 'done', messageId: `msg_01abcdefghijklmnop${n}`, outputTokens: n },
    ),
  ];
}
