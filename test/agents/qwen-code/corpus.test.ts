import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { qwenCode } from '../../../src/agents/qwen-code/index.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await qwenCode.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(corpus);

/** The collection holds no real session, but one of a real program against a mock, and invented ones of another tool. */
const invented = /\/(?:qwen_code\.jsonl$|agents\/qwen\/)/;

// Transcripts of others are not part of the project: the tests say nothing where they are missing.
test.skipIf(missing)('invented sessions of other tools are recognised and adapted, and no line is lost', () => {
  const files = filesUnder(corpus).filter((file) => invented.test(file));
  const events = files.flatMap((file) => {
    const records = readTranscript(path.join(corpus, file));
    expect(records.length === 0 || qwenCode.recogniseRecords(records)).toBe(true);
    const found = [...adapt(records, qwenCode.hintFor(file))];
    expect(new Set(found.map((event) => event.line)).size).toBe(records.length);
    return found;
  });
  const usage = events.filter((event) => event.kind === 'usage');
  expect({
    files: files.length,
    unknown: events.filter((event) => event.kind === 'unknown').map((event) => event.recordType),
    prompts: events.filter((event) => event.kind === 'prompt').length,
    input: usage.reduce((total, event) => total + (event.inputTokens ?? 0), 0),
    output: usage.reduce((total, event) => total + (event.outputTokens ?? 0), 0),
    cached: usage.reduce((total, event) => total + (event.cacheReadTokens ?? 0), 0),
  }).toEqual({ files: 7, unknown: [], prompts: 6, input: 500 + 550 + 12, output: 20 + 5 + 4, cached: 50 });
});

test.skipIf(missing)('no file of another agent is taken', () => {
  const files = filesUnder(corpus).filter((file) => /\.jsonl?$/.test(file) && !invented.test(file));
  const taken = files.filter(
    (file) => qwenCode.recognise(file) !== null || qwenCode.recogniseRecords(readTranscript(path.join(corpus, file))),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(taken).toEqual([]);
});
