import type { Micros, TokenCounts } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';
import type { Place } from '../shared/place.ts';

/** What is remembered while one session is read. */
export interface Source {
  /** As the agent writes it; ids of messages contain it. */
  nativeId: string;
  /** The same, made unique (`session-ids.ts`). */
  sessionId: SessionId;
  parentSessionId: SessionId | null;
  /** `user`, `scheduled`, `sub_agent`, `hidden`; null before versions that write it. */
  sessionType: string | null;
  cwd: string | null;
  model: string | null;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  readonly occurrences: Occurrences;
  /** The tool of each call, for its result. */
  readonly tools: Map<string, { readonly isShell: boolean }>;
  /** The sums of the session, told only when no request is told by itself. */
  total: SessionTotal | null;
}

interface SessionTotal {
  readonly place: Place;
  /** When the sums were written; null in files without it. */
  readonly ts: Micros | null;
  readonly tokens: TokenCounts;
  readonly recordedCostUsdMicros: number | null;
}

export function openSource(nativeId: string, sessionId: SessionId, firstTs: Micros | null): Source {
  return {
    nativeId,
    sessionId,
    parentSessionId: null,
    sessionType: null,
    cwd: null,
    model: null,
    firstTs,
    lastTs: null,
    occurrences: new Occurrences(),
    tools: new Map(),
    total: null,
  };
}
