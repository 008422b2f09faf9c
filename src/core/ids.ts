import { hash } from 'node:crypto';
import { brand, type Brand } from './brand.ts';

/** The agents that sesh can name; a row's `agent` column. */
export type AgentId = Brand<string, 'AgentId'>;
/** The agent's own session id; unique together with the agent. */
export type SessionId = Brand<string, 'SessionId'>;
/** 24 hex characters, the same for every copy of the event, wherever and whenever it is read. */
export type EventId = Brand<string, 'EventId'>;
/** 16 hex characters: one generation of one source file. */
export type SourceId = Brand<string, 'SourceId'>;

/** The thread that the person talks to; every other thread is a sub-agent's. */
export const MAIN_THREAD = 'main';

export function agentId(text: string): AgentId {
  if (!/^[a-z][a-z0-9-]*$/.test(text)) throw new TypeError(`Expected an agent id such as claude-code, got "${text}"`);
  return brand(text);
}

export function sessionId(text: string): SessionId {
  if (text === '') throw new TypeError('Expected a session id, got an empty string');
  return brand(text);
}

/** `key` is the event's identity in the agent's own words (record uuid and block, message id, call id). */
export function eventId(agent: AgentId, key: string): EventId {
  return brand(digest(`${agent}\n${key}`, 24));
}

export function sourceId(path: string, generation: number): SourceId {
  return brand(digest(`${path}\n${generation}`, 16));
}

/** A source id that the store gave back. */
export function readSourceId(text: string): SourceId {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new TypeError(`Expected a source id of 16 hex characters, got "${text}"`);
  return brand(text);
}

/** A number from 0 to 2^32-1 that decides in which bucket file a session's rows lie. */
export function sessionBucketHash(agent: AgentId, session: SessionId): number {
  return Number.parseInt(digest(`${agent}\n${session}`, 8), 16);
}

function digest(text: string, characters: number): string {
  return hash('sha256', text, 'hex').slice(0, characters);
}
