import type { Micros } from '../../core/event.ts';
import type { SessionId } from '../../core/ids.ts';
import { Occurrences } from '../shared/keys.ts';

/** What is remembered while one source is read. */
export interface Source {
  readonly sessionId: SessionId;
  /** The first time in the source: for records before it that have none. */
  readonly firstTs: Micros | null;
  lastTs: Micros | null;
  readonly header: Header;
  /** The model in use, for requests that do not name theirs. */
  model: string | null;
  readonly occurrences: Occurrences;
}

/** What the session line says about all entries. */
export interface Header {
  readonly id: string | null;
  readonly cwd: string | null;
  /** Entries before this time are copies of another session's; null when the session began empty. */
  readonly copiedBefore: Micros | null;
  /** The file was begun by version 1, which wrote no entry ids: a later version that opens it invents new ones. */
  readonly idsInvented: boolean;
  readonly model: string | null;
}

export function openSource(sessionId: SessionId, header: Header, firstTs: Micros | null): Source {
  return { sessionId, firstTs, lastTs: null, header, model: header.model, occurrences: new Occurrences() };
}
