import { asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { flagOnce, type Flags } from '../shared/fields.ts';

/** What a message's content says: a text, a list of parts, or one part alone. */
export interface Content {
  readonly text: string;
  /** Parts that the model marks as thoughts. */
  readonly thought: string;
  readonly hasToolResponse: boolean;
  /** Images and other files. */
  readonly hasFile: boolean;
}

const nothing: Content = { text: '', thought: '', hasToolResponse: false, hasFile: false };

export function readContent(flags: Flags, content: Json | undefined): Content {
  if (content === undefined || content === null) return nothing;
  if (typeof content === 'string') return { ...nothing, text: content };
  const parts = Array.isArray(content) ? content : [content];
  return {
    text: parts.map((part) => (isThought(part) ? '' : textOf(flags, part))).join(''),
    thought: parts.map((part) => (isThought(part) ? textOf(flags, part) : '')).join(''),
    hasToolResponse: parts.some((part) => has(part, 'functionResponse')),
    hasFile: parts.some((part) => has(part, 'inlineData') || has(part, 'fileData')),
  };
}

function isThought(part: Json): boolean {
  return isObject(part) && part['thought'] === true;
}

function textOf(flags: Flags, part: Json): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) flagOnce(flags, 'wrong_type');
  return isObject(part) ? (asText(part['text']) ?? '') : '';
}

function has(part: Json, field: string): part is JsonObject {
  return isObject(part) && part[field] !== undefined;
}
