import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { opencode } from '../../../src/agents/opencode/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json } from '../../../src/core/json.ts';
import type { SourceRecord } from '../../../src/core/record.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await opencode.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const exported = path.join(corpus, 'opencode');
const missing = !fs.existsSync(exported);

// Real sessions are not part of the project: the tests say nothing where they are missing.
test.skipIf(missing)('real exports are all recognised and adapted, and every request counts once', () => {
  const events = filesUnder(exported).flatMap((file) => {
    const records = recordsIn(path.join(exported, file));
    expect(opencode.recogniseRecords(records)).toBe(true);
    return [...adapt(records, opencode.hintFor(file))];
  });
  // Counted and added up apart from this program, from the parts of type `step-finish` and `tool`.
  expect(counts(events)).toEqual({
    'meta title_ai': 19,
    'meta subagent_prompt': 19,
    'meta internal': 224,
    thinking: 248,
    reply: 19,
    tool_call: 542,
    'tool_result ok': 530,
    'tool_result error': 12,
    usage: 224,
  });
  expect(sums(events)).toEqual({
    input: 3_071_346,
    output: 111_753,
    reasoning: 84_916,
    cacheRead: 9_025_792,
    cacheWrite: 0,
    costUsdMicros: 10_210_297,
    toolMs: 313_656,
  });
  expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  expect(events.filter(({ flags, ts, cwd }) => flags.length > 0 || ts === null || cwd === null)).toEqual([]);
  const calls = events.flatMap((event) => (event.kind === 'tool_call' ? [`${event.sessionId} ${event.callId}`] : []));
  expect(new Set(calls).size).toBe(calls.length);
});

test.skipIf(missing)('files of other agents are not taken for exports', () => {
  const others = filesUnder(corpus).filter((file) => /\.jsonl?$/.test(file) && !file.startsWith('opencode/'));
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter((file) => opencode.recogniseRecords(recordsIn(path.join(corpus, file))))).toEqual([]);
});

function recordsIn(file: string): readonly SourceRecord[] {
  if (file.endsWith('.jsonl')) return readTranscript(file).slice(0, 8);
  try {
    const value: Json = JSON.parse(fs.readFileSync(file, 'utf8'));
    return [{ line: 1, offset: 0, value, flags: [] }];
  } catch {
    return [];
  }
}

function counts(events: readonly AgentEvent[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const event of events) {
    const detail =
      event.kind === 'meta' ? ` ${event.subtype}` : event.kind === 'tool_result' ? ` ${event.outcome}` : '';
    found[`${event.kind}${detail}`] = (found[`${event.kind}${detail}`] ?? 0) + 1;
  }
  return found;
}

function sums(events: readonly AgentEvent[]): Record<string, number> {
  const total = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0, costUsdMicros: 0, toolMs: 0 };
  for (const event of events) {
    if (event.kind === 'tool_result') total.toolMs += Math.round((event.durationS ?? 0) * 1000);
    if (event.kind !== 'usage') continue;
    total.input += event.inputTokens ?? 0;
    total.output += event.outputTokens ?? 0;
    total.reasoning += event.reasoningTokens ?? 0;
    total.cacheRead += event.cacheReadTokens ?? 0;
    total.cacheWrite += event.cacheWrite5mTokens ?? 0;
    total.costUsdMicros += event.recordedCostUsdMicros ?? 0;
  }
  return total;
}
