import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { geminiCli } from '../../../src/agents/gemini-cli/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json } from '../../../src/core/json.ts';
import type { SourceRecord } from '../../../src/core/record.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await geminiCli.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(corpus);

/** Real files, as they were published, and the small invented ones of other tools. */
const real = 'gemini/';
const invented = /^synthetic\/(?:gemini\/|other\/.*\/testdata\/gemini\/)/;

// Real transcripts are not part of the project: the tests say nothing where they are missing.
test.skipIf(missing)(
  'real sessions are all recognised and adapted, and their sums are those of an independent count',
  () => {
    const files = filesUnder(corpus).filter((file) => file.startsWith(real));
    const events = files.flatMap(eventsOf);
    const usage = events.filter((event) => event.kind === 'usage');
    const sum = (counts: readonly (number | null)[]): number =>
      counts.reduce<number>((total, count) => total + (count ?? 0), 0);
    expect({
      files: files.length,
      unknown: namesOf(events, 'unknown'),
      prompts: events.filter((event) => event.kind === 'prompt').length,
      calls: events.filter((event) => event.kind === 'tool_call').length,
      failed: events.filter((event) => event.kind === 'tool_result' && event.outcome === 'error').length,
      rejected: events.filter((event) => event.kind === 'tool_result' && event.outcome === 'rejected').length,
      responses: usage.length,
      input: sum(usage.map((event) => event.inputTokens)),
      output: sum(usage.map((event) => event.outputTokens)),
      cached: sum(usage.map((event) => event.cacheReadTokens)),
      reasoning: sum(usage.map((event) => event.reasoningTokens)),
    }).toEqual({
      files: 8,
      unknown: [],
      prompts: 27,
      calls: 132,
      failed: 7,
      rejected: 1,
      responses: 105,
      input: 761_628,
      output: 48_637,
      cached: 2_768_225,
      reasoning: 18_501,
    });
  },
);

test.skipIf(missing)('invented sessions of other tools hold one type that no version writes', () => {
  const files = filesUnder(corpus).filter((file) => invented.test(file));
  expect(files.length).toBe(8);
  expect(namesOf(files.flatMap(eventsOf), 'unknown')).toEqual(['model']);
});

test.skipIf(missing)('no file of another agent is taken', () => {
  const foreign = filesUnder(corpus).filter((file) => !file.startsWith(real) && !invented.test(file));
  const taken = foreign.filter(
    (file) => geminiCli.recognise(file) !== null || geminiCli.recogniseRecords(recordsOf(file)),
  );
  expect(foreign.length).toBeGreaterThan(100);
  expect(taken).toEqual([]);
});

function eventsOf(file: string): AgentEvent[] {
  const records = recordsOf(file);
  expect(geminiCli.recogniseRecords(records)).toBe(true);
  return [...adapt(records, geminiCli.recognise(file) ?? geminiCli.hintFor(file))];
}

/** Documents keep their form under whatever name they were collected. */
function recordsOf(file: string): SourceRecord[] {
  const lines = readTranscript(path.join(corpus, file));
  if (lines.length > 0) return lines;
  try {
    const value: Json = JSON.parse(fs.readFileSync(path.join(corpus, file), 'utf8'));
    return [{ line: 1, offset: 0, value, flags: [] }];
  } catch {
    return [];
  }
}

function namesOf(events: readonly AgentEvent[], kind: AgentEvent['kind']): string[] {
  return [...new Set(events.filter((event) => event.kind === kind).map((event) => event.recordType))].sort();
}
