import type { EventFlag } from './event.ts';
import type { Json } from './json.ts';

/** One parsed record of a source, in file order. */
export interface SourceRecord {
  /** 1-based line number and byte offset of the record in the source. */
  readonly line: number;
  readonly offset: number;
  readonly value: Json;
  readonly flags: readonly EventFlag[];
}
