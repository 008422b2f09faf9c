import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { gptme } from '../../../src/agents/gptme/index.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await gptme.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const own = path.join(corpus, 'synthetic/gptme');
const missing = !fs.existsSync(own);

// Collected transcripts are not part of the project: the tests say nothing where they are missing.
test.skipIf(missing)('collected conversations are told by their records, and no record is lost', () => {
  const files = filesUnder(own);
  const unknown: string[] = [];
  const used = { input: 0, output: 0, cacheRead: 0, cost: 0 };
  for (const file of files) {
    const records = readTranscript(path.join(own, file));
    expect(gptme.recogniseRecords(records)).toBe(true);
    const events = [...adapt(records, gptme.hintFor(file))];
    expect(new Set(events.map((event) => event.line))).toEqual(new Set(records.map((record) => record.line)));
    for (const event of events) {
      if (event.kind === 'unknown') unknown.push(event.recordType);
      if (event.kind !== 'usage') continue;
      used.input += event.inputTokens ?? 0;
      used.output += event.outputTokens ?? 0;
      used.cacheRead += event.cacheReadTokens ?? 0;
      used.cost += event.recordedCostUsdMicros ?? 0;
    }
  }
  expect(files).toHaveLength(1);
  // gptme has no role `tool`: the one file is another parser's invention (formats.md 4.2).
  expect(unknown).toEqual(['tool', 'tool']);
  expect(used).toEqual({ input: 320, output: 57, cacheRead: 200, cost: 2000 });
});

test.skipIf(missing)('no file of another agent is taken for a conversation', () => {
  const others = filesUnder(corpus).filter((file) => file.endsWith('.jsonl') && !file.startsWith('synthetic/gptme/'));
  const taken = others.filter((file) => {
    const head = readTranscript(path.join(corpus, file)).slice(0, 8);
    return gptme.recognise(file) !== null || gptme.recogniseRecords(head);
  });
  expect(taken).toEqual([]);
});
