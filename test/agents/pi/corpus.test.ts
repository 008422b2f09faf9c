import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pi } from '../../../src/agents/pi/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await pi.loadAdapter();

// Real transcripts are not part of the project: the tests say nothing where they are missing.
const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(path.join(corpus, 'other/pi'));

/** As many records as discovery looks at. */
const HEAD_RECORDS = 8;

const real = [
  'other/pi/Necmttn__ax/apps/axctl/src/ingest/golden-corpus/fixtures/pi.jsonl',
  'other/pi/computermode__test-repo/de/5a2f809927/0/full.jsonl',
  'other/pi/badlogic__pi-mono/packages/coding-agent/test/fixtures/large-session.jsonl',
  'other/pi/badlogic__pi-mono/packages/coding-agent/test/fixtures/before-compaction.jsonl',
];

test.skipIf(missing)('real sessions give the sums that another program counted', () => {
  const events = real.flatMap(eventsOf);
  const of = (kind: AgentEvent['kind']): number => events.filter((event) => event.kind === kind).length;
  expect(of('unknown')).toBe(0);
  // A prompt of the file with the skill holds the skill and what was typed; one prompt a message.
  expect({ prompts: of('prompt'), calls: of('tool_call'), results: of('tool_result'), stops: of('interrupt') }).toEqual(
    {
      prompts: 146,
      calls: 854,
      results: 829,
      stops: 39,
    },
  );
  const results = events.filter((event) => event.kind === 'tool_result');
  expect(results.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(31);
  expect(results.filter(({ exitCode }) => exitCode !== null)).toHaveLength(23);
  const usage = events.filter((event) => event.kind === 'usage');
  const sum = (counts: readonly (number | null)[]): number =>
    counts.reduce<number>((total, count) => total + (count ?? 0), 0);
  expect({
    requests: usage.length,
    input: sum(usage.map((event) => event.inputTokens)),
    output: sum(usage.map((event) => event.outputTokens)),
    cacheRead: sum(usage.map((event) => event.cacheReadTokens)),
    cacheWrite: sum(usage.map((event) => event.cacheWrite5mTokens)),
    costUsdMicros: sum(usage.map((event) => event.recordedCostUsdMicros)),
  }).toEqual({
    requests: 916,
    input: 51_192,
    output: 271_918,
    cacheRead: 97_976_230,
    cacheWrite: 5_986_081,
    costUsdMicros: 73_077_059,
  });
});

test.skipIf(missing)('files of the corpus are recognised by their records only where they are of this format', () => {
  const recognised = filesUnder(corpus)
    .filter((name) => name.endsWith('.jsonl') && pi.recogniseRecords(recordsOf(name).slice(0, HEAD_RECORDS)))
    .filter((name) => !real.includes(name));
  // What is left are invented sessions of other projects' tests, in pi's form.
  expect(recognised.filter((name) => !name.includes('synthetic/'))).toEqual([]);
  expect(recognised.filter((name) => !/pi[/_-]|\/conformance\/cases\//.test(name.replace('other/pi/', '')))).toEqual(
    [],
  );
  const unknown = recognised.flatMap(eventsOf).filter((event) => event.kind === 'unknown');
  expect(new Set(unknown.map((event) => event.recordType))).toEqual(new Set(['unknown_future_entry_type']));
});

function eventsOf(name: string): AgentEvent[] {
  const records = recordsOf(name);
  const events = [...adapt(records, pi.recognise(name) ?? pi.hintFor(name))];
  expect(new Set(events.map((event) => event.line)).size).toBe(records.length);
  return events;
}

function recordsOf(name: string): ReturnType<typeof readTranscript> {
  return readTranscript(path.join(corpus, name));
}
