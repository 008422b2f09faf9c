import type { Micros, TokenCounts } from '../../core/event.ts';
import { asArray, asNumber, asText, isObject, type Json } from '../../core/json.ts';
import { countField, objectField, textField, type Flags } from '../shared/fields.ts';
import { canonical, digest } from '../shared/keys.ts';
import { momentField } from './thread.ts';

/** A response in the thread's ledger of credits. */
interface Entry {
  readonly written: Json;
  readonly id: string;
  readonly messageId: string | null;
  readonly model: string | null;
  readonly ts: Micros | null;
  /** Null when it holds credits alone. */
  readonly counts: TokenCounts | null;
  readonly flags: Flags;
}

/** The ledger repeats what messages tell of their responses; an entry that no message takes is a response of its own. */
export class Ledger {
  readonly #entries: Entry[];

  constructor(written: Json | undefined) {
    const events = isObject(written) ? asArray(written['events']) : null;
    this.#entries = (events ?? []).map(entryOf);
  }

  /**
   * Takes the entry of a message's response out of the ledger. When the message itself counts its tokens, only an entry of the same
   * model repeats them: another model's is another response.
   */
  take(messageId: string, model: string | null, isCounted: boolean): Entry | null {
    const index = this.#entries.findIndex(
      (entry) =>
        entry.messageId === messageId &&
        (isCounted ? model === null || entry.model === null || entry.model === model : entry.counts !== null),
    );
    return index === -1 ? null : (this.#entries.splice(index, 1)[0] ?? null);
  }

  /** What no message took. */
  rest(): readonly Entry[] {
    return this.#entries;
  }
}

function entryOf(written: Json): Entry {
  const flags: Flags = [];
  const fields = isObject(written) ? written : {};
  const messageId = asNumber(fields['toMessageId']) ?? asText(fields['toMessageId']);
  return {
    written,
    id: asText(fields['id']) ?? digest(canonical(written)),
    messageId: messageId === null ? null : String(messageId),
    model: textField(flags, fields['model']),
    ts: momentField(flags, fields['timestamp']),
    counts: countsOf(flags, fields['tokens']),
    flags,
  };
}

function countsOf(flags: Flags, written: Json | undefined): TokenCounts | null {
  const tokens = objectField(flags, written);
  if (tokens === null) return null;
  const input = countField(flags, tokens['input']);
  const output = countField(flags, tokens['output']);
  if (input === null && output === null) return null;
  return {
    inputTokens: input,
    outputTokens: output,
    cacheReadTokens: null,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
  };
}
