import { isObject, type Json, type JsonObject } from '../../core/json.ts';
import { fencedCalls } from './fences.ts';
import type { WrittenCall } from './written-call.ts';
import { xmlCalls } from './xml.ts';

interface ReadAnswer {
  readonly calls: readonly WrittenCall[];
  readonly thinking: string | null;
  /** What the agent says beside thinking and calling. */
  readonly reply: string;
  /** Calls of the form `@tool(id): {...}` were found. */
  readonly toolFormat: boolean;
}

/** An answer taken apart. `toolFormat`: the conversation writes calls as `@tool(id)`, so that code blocks are no calls. */
export function readAnswer(content: string, toolFormat: boolean): ReadAnswer {
  const { thinking, rest } = withoutThinking(content);
  const marked = markedCalls(rest);
  const calls = marked.length > 0 || toolFormat ? marked : otherCalls(rest);
  return { calls, thinking, reply: proseOf(rest, calls), toolFormat: marked.length > 0 };
}

function otherCalls(text: string): readonly WrittenCall[] {
  const tagged = xmlCalls(text);
  return tagged.length > 0 ? tagged : fencedCalls(text);
}

/** Reasoning that stands before the answer; what looks like a call in it is none. */
function withoutThinking(content: string): { readonly thinking: string | null; readonly rest: string } {
  const tag = /^\s*<(think|thinking)>/.exec(content);
  const close = tag === null ? -1 : content.indexOf(`</${tag[1]}>`);
  if (tag === null || close === -1) return { thinking: null, rest: content };
  return {
    thinking: content.slice(tag[0].length, close).trim(),
    rest: content.slice(close + `</${tag[1]}>`.length),
  };
}

/** `@shell(call_1): {"command": "ls"}`; a call whose JSON is not closed was cut and not run. */
function markedCalls(text: string): WrittenCall[] {
  const calls: WrittenCall[] = [];
  const mark = /^@(\w+)\(([\w\-:.]+)\):\s*(?=\{)/gm;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    const begin = mark.lastIndex;
    const end = jsonEnd(text, begin);
    if (end === null) break;
    const [, toolName = '', id = ''] = match;
    const input = parseObject(text.slice(begin, end));
    calls.push({ start: match.index, end, id, toolName, argument: '', content: null, input });
    mark.lastIndex = end;
  }
  return calls;
}

function jsonEnd(text: string, begin: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let index = begin; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (sign === '\\') index += 1;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === '{') depth += 1;
    else if (!quoted && sign === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return null;
}

function parseObject(text: string): JsonObject | null {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    // gptme repairs such JSON with a library of its own; the call is kept without its input.
    return null;
  }
}

function proseOf(text: string, calls: readonly WrittenCall[]): string {
  let prose = '';
  let from = 0;
  for (const { start, end } of calls) {
    prose += text.slice(from, start);
    from = end;
  }
  return (prose + text.slice(from)).replace(/<(tool-use|function_calls)>\s*<\/\1>/g, '').trim();
}
