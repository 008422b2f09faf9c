import type { JsonObject } from '../../core/json.ts';

/** A tool call as it stands in the agent's text. */
export interface WrittenCall {
  readonly start: number;
  readonly end: number;
  /** The id that the model wrote; only the form `@tool(id): {...}` has one. */
  readonly id: string | null;
  readonly toolName: string;
  /** What follows the tool's name in a tag: the path of `save`, `append` and `patch`. */
  readonly argument: string;
  readonly content: string | null;
  /** Null when it is written as JSON that does not parse. */
  readonly input: JsonObject | null;
}
