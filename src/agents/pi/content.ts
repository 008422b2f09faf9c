import { asText, isObject, type Json } from '../../core/json.ts';
import { flagOnce } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';

/** Text of a content: a string, or blocks of which those that are no text leave a mark with their type, `[image]`. */
export function contentText(place: Place, content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(blockText).join('\n');
  if (content !== undefined && content !== null) flagOnce(place.flags, 'wrong_type');
  return '';
}

function blockText(block: Json): string {
  if (typeof block === 'string') return block;
  if (!isObject(block)) return '[unknown]';
  const text = block['text'];
  return typeof text === 'string' ? text : `[${asText(block['type']) ?? 'unknown'}]`;
}
