import { asArray, asText, isObject, type Json } from '../../core/json.ts';

/** A part of a message: its text, or a mark such as `[image]` for what is none. */
export interface Part {
  readonly text: string;
  readonly isText: boolean;
}

/** Tags that newer versions put around an image. */
const imageTag = /^<\/?(?:local_)?image\b[^>]*>$/;

/** The parts of `content`, in all its forms: a text, or a list of texts, images and what comes next. */
export function partsOf(content: Json | undefined): readonly Part[] {
  if (typeof content === 'string') return [{ text: content, isText: true }];
  return (asArray(content) ?? []).map(partOf).filter(({ text, isText }) => !isText || !imageTag.test(text));
}

function partOf(part: Json): Part {
  if (typeof part === 'string') return { text: part, isText: true };
  const text = isObject(part) ? (part['text'] ?? part['refusal']) : undefined;
  if (typeof text === 'string') return { text, isText: true };
  const type = isObject(part) ? asText(part['type']) : null;
  return { text: `[${(type ?? 'unknown').replace(/^(?:input|local|output)_/, '')}]`, isText: false };
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join('\n');
}

/** Text of a tool's output that is no string: a list of parts, or an object with `content`. */
export function contentText(content: Json | undefined): string {
  return textOf(partsOf(content));
}
