import type { Json, JsonObject } from '../../../core/json.ts';
import type { SourceRecord } from '../../../core/record.ts';

/** What the three containers of a session (database rows, small files, an exported document) have in common. */
export interface Store {
  session: StoredSession | null;
  readonly messages: readonly StoredMessage[];
  /** Records that say nothing of their own: they repeat others, or belong to the store that is not used. */
  readonly repeated: readonly Stray[];
  /** Records that nobody has seen yet. */
  readonly strays: readonly Stray[];
}

export interface Stray {
  readonly at: SourceRecord;
  readonly recordType: string;
  readonly value: Json;
}

/** Fields as they are written; only their names are made one. */
export interface StoredSession {
  readonly at: SourceRecord;
  readonly id: Json | undefined;
  readonly parentId: Json | undefined;
  readonly forkSessionId: Json | undefined;
  readonly title: Json | undefined;
  readonly directory: Json | undefined;
  readonly version: Json | undefined;
  readonly created: Json | undefined;
  /** An object, or its JSON text. */
  readonly revert: Json | undefined;
}

/** `message`: the first generation; `session_message`: the second one (formats.md 6.6), translated into the first one's fields. */
type Generation = 'message' | 'session_message';

export interface StoredMessage {
  /** Null when only parts of it are left. */
  readonly at: SourceRecord | null;
  readonly generation: Generation;
  readonly id: string | null;
  /** `user`, `assistant`, or the type of a second-generation row; empty when it is not known. */
  readonly role: string;
  readonly info: JsonObject;
  /** Milliseconds, as written. */
  readonly created: Json | undefined;
  readonly parts: readonly StoredPart[];
}

export interface StoredPart {
  readonly at: SourceRecord;
  /** Empty when it is none. */
  readonly type: string;
  readonly value: JsonObject;
}
