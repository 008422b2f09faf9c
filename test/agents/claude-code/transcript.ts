import fs from 'node:fs';
import path from 'node:path';
import type { SourceHint } from '../../../src/agents/agent.ts';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json } from '../../../src/core/json.ts';
import type { SourceRecord } from '../../../src/core/record.ts';

export const noHint: SourceHint = { sessionId: null, threadId: null, replay: false, user: null };

export function recordsOf(values: readonly Json[]): SourceRecord[] {
  return values.map((value, index) => ({ line: index + 1, offset: index * 100, value, flags: [] }));
}

export function adaptAll(values: readonly Json[], hint: SourceHint = noHint): AgentEvent[] {
  return [...claudeCode.adapt(recordsOf(values), hint)];
}

/** The lines of a transcript that parse, with the bytes where they begin. */
export function readTranscript(file: string): SourceRecord[] {
  const records: SourceRecord[] = [];
  let offset = 0;
  for (const [index, text] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    const value = parse(text);
    if (value !== undefined) records.push({ line: index + 1, offset, value, flags: [] });
    offset += Buffer.byteLength(text) + 1;
  }
  return records;
}

export function transcriptsUnder(root: string): string[] {
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.split(path.sep).join('/'))
    .sort();
}

function parse(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
