import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';

/** What a tool gave back to the model. */
export interface ToolResponse {
  readonly text: string;
  /** It came as an error, whatever the call's status says. */
  readonly isError: boolean;
  readonly isPresent: boolean;
}

/** The text of `result` (formats.md 3.5), else of what was shown to the person. */
export function readResponse(result: Json | undefined, shown: Json | undefined): ToolResponse {
  const isPresent = result !== undefined && result !== null;
  if (typeof result === 'string') return { text: unwrapped(result), isError: false, isPresent };
  const parts = (Array.isArray(result) ? result : [result ?? null]).filter(isObject);
  const texts = parts.map(partText).filter((text) => text !== '');
  const text = texts.length > 0 ? texts.join('\n') : (asText(shown) ?? '');
  return { text: unwrapped(text), isError: parts.some(isErrorPart), isPresent };
}

function responseIn(part: JsonObject): Json | undefined {
  const answer = part['functionResponse'];
  return isObject(answer) ? answer['response'] : undefined;
}

function partText(part: JsonObject): string {
  const response = responseIn(part);
  if (!isObject(response)) return asText(response) ?? asText(part['text']) ?? '';
  const said = response['output'] ?? response['error'];
  if (said !== undefined && said !== null) return typeof said === 'string' ? said : JSON.stringify(said);
  return Object.keys(response).length === 0 ? '' : JSON.stringify(response);
}

function isErrorPart(part: JsonObject): boolean {
  const response = responseIn(part);
  return isObject(response) && response['output'] === undefined && asText(response['error']) !== null;
}

/** Newer versions mark what comes from outside, which is no part of it. */
function unwrapped(text: string): string {
  const start = /^\s*<untrusted_context[^>]{0,200}>\n?/.exec(text);
  if (start === null) return text;
  return text.slice(start[0].length).replace(/\n?<\/untrusted_context>\s*$/, '');
}
