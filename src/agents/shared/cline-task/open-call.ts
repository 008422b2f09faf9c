import type { Outcome, ToolKind } from '../../../core/event.ts';
import type { Place } from '../place.ts';

/** A tool that was asked for, while the messages after it tell how it went. */
export interface OpenCall {
  readonly place: Place;
  readonly kind: ToolKind;
  readonly outputs: string[];
  error: { readonly outcome: Outcome; readonly text: string } | null;
  /** A person wrote something in place of an answer, or beside it. */
  hasFeedback: boolean;
  /** The last message that told something. */
  last: Place;
}
