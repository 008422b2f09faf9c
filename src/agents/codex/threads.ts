import type { MetaSubtype, Micros } from '../../core/event.ts';
import { sessionId, type SessionId } from '../../core/ids.ts';
import { asNumber, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { readMoment } from '../shared/moments.ts';

/** What a `session_meta` says about the thread that it opens. */
export interface Thread {
  readonly id: SessionId;
  /** The session whose agent started this one; null for a person's, forks included. */
  readonly parentId: SessionId | null;
  /** The thread whose history this one continues under another id. */
  readonly origin: string | null;
  /** What a "user" message is where no person types: a parent's prompt, or the program's own; null where a person does. */
  readonly machine: MetaSubtype | null;
  readonly isPaginated: boolean;
  /** Lines with a smaller ordinal are the parent's. */
  readonly startOrdinal: number | null;
  readonly createdMs: number | null;
  readonly cwd: string | null;
  readonly gitBranch: string | null;
  readonly agentVersion: string | null;
  readonly entrypoint: string | null;
  readonly model: string | null;
}

/** A thread of which nothing but the id is known. */
export function bareThread(id: string): Thread {
  return threadOf({}, id);
}

export function threadOf(payload: JsonObject, id: string): Thread {
  const { source, git, history_base: base } = payload;
  const spawn = spawnOf(source);
  const machine = machineOf(payload);
  const forkedFrom = asText(payload['forked_from_id']);
  const parent = asText(spawn?.['parent_thread_id']) ?? asText(payload['parent_thread_id']) ?? forkedFrom;
  const created = asText(payload['timestamp']);
  return {
    id: sessionId(id),
    parentId: machine === 'subagent_prompt' && parent !== null && parent !== id ? sessionId(parent) : null,
    origin: forkedFrom ?? (isObject(base) ? asText(base['thread_id']) : null),
    machine,
    isPaginated: payload['history_mode'] === 'paginated',
    startOrdinal: asNumber(payload['subagent_history_start_ordinal']),
    createdMs: uuidTimeMs(id) ?? millisecondsOf(created === null ? null : readMoment(created)),
    cwd: asText(payload['cwd']),
    gitBranch: isObject(git) ? asText(git['branch']) : null,
    agentVersion: asText(payload['cli_version']),
    entrypoint: entrypointOf(source) ?? asText(payload['originator']),
    model: asText(payload['model']),
  };
}

/** The time in an id of version 7, exact to the millisecond; other ids have none. */
export function uuidTimeMs(id: string): number | null {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.exec(id);
  return match === null ? null : Number.parseInt(`${match[1]}${match[2]}`, 16);
}

function millisecondsOf(ts: Micros | null): number | null {
  return ts === null ? null : ts / 1000;
}

function spawnOf(source: Json | undefined): JsonObject | null {
  const subagent = isObject(source) ? source['subagent'] : undefined;
  const spawn = isObject(subagent) ? subagent['thread_spawn'] : undefined;
  return isObject(spawn) ? spawn : null;
}

/** Who writes the "user" messages of a thread that no person talks to (formats.md 2.8). */
function machineOf({ source, thread_source: kind }: JsonObject): MetaSubtype | null {
  if (isObject(source) && source['subagent'] !== undefined) return 'subagent_prompt';
  if (isObject(source) && source['internal'] !== undefined) return 'internal';
  if (kind === 'subagent') return 'subagent_prompt';
  return typeof kind === 'string' && kind !== '' && kind !== 'user' ? 'internal' : null;
}

/** `cli`, `exec`, `custom:x`, `subagent`: a string as written, an object by its name. */
function entrypointOf(source: Json | undefined): string | null {
  if (!isObject(source)) return asText(source);
  const [name] = Object.keys(source).sort();
  if (name === undefined) return null;
  const refined = asText(source[name]);
  return refined === null ? name : `${name}:${refined}`;
}
