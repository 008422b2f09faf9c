import { never } from '../../src/core/errors.ts';

/** Invented Claude Code records as values, so that copies can be made of them; `jsonOf` writes one, `factsOf` says what it means. */
export type LawRecord =
  | (Envelope & { readonly type: 'prompt'; readonly text: string })
  | (Envelope & { readonly type: 'answer'; readonly blocks: readonly Block[]; readonly message: Message })
  | (Envelope & {
      readonly type: 'result';
      readonly callId: string;
      readonly content: string;
      readonly isError: boolean;
    })
  | (Envelope & { readonly type: 'bash_progress'; readonly callId: string; readonly elapsedS: number })
  | (Envelope & {
      readonly type: 'agent_progress';
      readonly callId: string;
      readonly agent: string;
      readonly embedded: { readonly uuid: string; readonly message: Message };
    })
  | { readonly type: 'snapshot'; readonly messageId: string; readonly at: string; readonly isUpdate: boolean }
  | { readonly type: 'mode'; readonly session: string }
  | { readonly type: 'enqueue'; readonly session: string; readonly at: string; readonly text: string };

interface Envelope {
  readonly session: string;
  readonly uuid: string;
  readonly at: string;
  readonly cwd: string;
  /** The sub-agent that the line belongs to; null: the main thread. */
  readonly agent: string | null;
  readonly forkedFrom: { readonly session: string; readonly uuid: string } | null;
}

export type Block =
  | { readonly type: 'text' | 'thinking'; readonly text: string }
  | { readonly type: 'call'; readonly callId: string; readonly command: string };

interface Message {
  readonly id: string;
  readonly counters: Counters;
  /** Whether the line says which part of the cache writes lives for an hour (all of it, then). */
  readonly isSplit: boolean;
}

export interface Counters {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** One event that must be in the store because of a record. */
export interface Fact {
  /** Two facts with one key are one event. */
  readonly key: string;
  /** `waiting`: a prompt unless the same text arrives as a prompt later in some file. `state`: known by content only. */
  readonly kind: 'prompt' | 'usage' | 'waiting' | 'state' | 'other';
  /** What was typed. */
  readonly text: string;
  readonly counters: Counters | null;
}

export function factsOf(record: LawRecord): readonly Fact[] {
  switch (record.type) {
    case 'prompt':
      return [fact(`${identity(record)}:0`, record.agent === null ? 'prompt' : 'other', record.text)];
    case 'answer':
      return [...record.blocks.map((_, index) => fact(`${identity(record)}:${index}`, 'other')), usage(record.message)];
    case 'result':
    case 'bash_progress':
      return [fact(`${identity(record)}:0`, 'other')];
    case 'agent_progress':
      return [fact(`${identity(record)}:0`, 'other'), usage(record.embedded.message)];
    case 'snapshot':
      return [fact(`snapshot ${record.messageId} ${record.at} ${record.isUpdate}`, 'state')];
    case 'mode':
      return [fact(`mode ${record.session}`, 'state')];
    case 'enqueue':
      return [fact(`enqueue ${record.at} ${record.text}`, 'waiting', record.text)];
    default:
      return never(record);
  }
}

function fact(key: string, kind: Fact['kind'], text = ''): Fact {
  return { key, kind, text, counters: null };
}

function usage({ id, counters }: Message): Fact {
  return { key: `usage:${id}`, kind: 'usage', text: '', counters };
}

function identity({ uuid, forkedFrom }: Envelope): string {
  return forkedFrom?.uuid ?? uuid;
}

/** The line that a session writes when it repeats a line of another one: resumed with the uuid kept, or forked with a new one. */
export function copyOf(record: LawRecord, session: string, forkUuid: string | null): LawRecord {
  switch (record.type) {
    case 'snapshot':
      return record;
    case 'mode':
    case 'enqueue':
      return { ...record, session };
    default:
      if (forkUuid === null) return { ...record, session };
      return {
        ...record,
        session,
        uuid: forkUuid,
        forkedFrom: { session: record.session, uuid: identity(record) },
      };
  }
}

export function jsonOf(record: LawRecord): string {
  switch (record.type) {
    case 'prompt':
      return line(record, 'user', { message: { role: 'user', content: record.text } });
    case 'answer':
      return line(record, 'assistant', {
        requestId: `req_${record.message.id}`,
        message: messageOf(record.message, record.blocks.map(blockOf)),
      });
    case 'result':
      return line(record, 'user', {
        message: {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: record.callId,
              content: record.content,
              is_error: record.isError,
            },
          ],
        },
      });
    case 'bash_progress':
      return line(record, 'progress', {
        toolUseID: `bash-progress-${record.elapsedS}`,
        parentToolUseID: record.callId,
        data: { type: 'bash_progress', output: 'working', elapsedTimeSeconds: record.elapsedS, totalLines: 1 },
      });
    case 'agent_progress':
      return line(record, 'progress', {
        toolUseID: `agent_${record.uuid}`,
        parentToolUseID: record.callId,
        data: {
          type: 'agent_progress',
          agentId: record.agent,
          message: {
            type: 'assistant',
            uuid: record.embedded.uuid,
            timestamp: record.at,
            requestId: `req_${record.embedded.message.id}`,
            message: messageOf(record.embedded.message, [{ type: 'text', text: 'inside' }]),
          },
        },
      });
    case 'snapshot':
      return JSON.stringify({
        type: 'file-history-snapshot',
        messageId: record.messageId,
        snapshot: { messageId: record.messageId, trackedFileBackups: {}, timestamp: record.at },
        isSnapshotUpdate: record.isUpdate,
      });
    case 'mode':
      return JSON.stringify({ type: 'mode', mode: 'normal', sessionId: record.session });
    case 'enqueue':
      return JSON.stringify({
        type: 'queue-operation',
        operation: 'enqueue',
        timestamp: record.at,
        sessionId: record.session,
        content: record.text,
      });
    default:
      return never(record);
  }
}

function line(envelope: Envelope, type: string, rest: Readonly<Record<string, unknown>>): string {
  const { agent, forkedFrom } = envelope;
  return JSON.stringify({
    parentUuid: null,
    isSidechain: agent !== null && type !== 'progress',
    ...(agent === null || type === 'progress' ? {} : { agentId: agent }),
    userType: 'external',
    cwd: envelope.cwd,
    sessionId: envelope.session,
    version: '2.1.60',
    gitBranch: 'main',
    type,
    ...rest,
    uuid: envelope.uuid,
    timestamp: envelope.at,
    ...(forkedFrom === null ? {} : { forkedFrom: { sessionId: forkedFrom.session, messageUuid: forkedFrom.uuid } }),
  });
}

function messageOf({ id, counters, isSplit }: Message, content: readonly unknown[]): unknown {
  const { input, output, cacheRead, cacheWrite } = counters;
  return {
    id,
    type: 'message',
    role: 'assistant',
    model: 'claude-opus-4-6',
    content,
    stop_reason: null,
    usage: {
      input_tokens: input,
      output_tokens: output,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
      ...(isSplit ? { cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: cacheWrite } } : {}),
    },
  };
}

function blockOf(block: Block): unknown {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'thinking':
      return { type: 'thinking', thinking: block.text, signature: 'sig' };
    case 'call':
      return { type: 'tool_use', id: block.callId, name: 'Bash', input: { command: block.command } };
    default:
      return never(block);
  }
}
