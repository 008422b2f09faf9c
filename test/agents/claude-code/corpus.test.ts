import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await claudeCode.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus/claude-code');
const missing = !fs.existsSync(corpus);

interface Tally {
  readonly kinds: Map<string, number>;
  readonly unknown: Map<string, number>;
  userLines: number;
  unseenLines: number;
}

// Real transcripts are not part of the project: the test says nothing where they are missing.
test.skipIf(missing)('real transcripts are all recognised and adapted, and no record is lost', () => {
  const tally: Tally = { kinds: new Map(), unknown: new Map(), userLines: 0, unseenLines: 0 };
  const files = filesUnder(corpus).filter((name) => name.endsWith('.jsonl'));
  for (const file of files) addFile(file, tally);
  const of = (kind: string): number => tally.kinds.get(kind) ?? 0;
  expect(files.length).toBeGreaterThan(100);
  expect(tally.unseenLines).toBe(0);
  expect([...tally.unknown]).toEqual([]);
  // A user line is a person's in less than a tenth of the cases, and mostly a tool result (formats.md 1.13).
  expect(of('prompt') / tally.userLines).toBeGreaterThan(0.03);
  expect(of('prompt') / tally.userLines).toBeLessThan(0.1);
  expect(of('tool_result') / tally.userLines).toBeGreaterThan(0.8);
  expect(of('interrupt')).toBeGreaterThan(10);
  expect(of('interrupt')).toBeLessThan(of('prompt') / 5);
  expect(of('tool_call')).toBeGreaterThanOrEqual(of('tool_result'));
});

function addFile(file: string, tally: Tally): void {
  const hint = claudeCode.recognise(file);
  if (hint === null) throw new Error('Expected every path of the collection to be recognised');
  const records = readTranscript(path.join(corpus, file));
  const unseen = new Set(records.map((record) => record.line));
  for (const event of adapt(records, hint)) {
    unseen.delete(event.line);
    count(tally.kinds, event.kind);
    if (event.kind === 'unknown') count(tally.unknown, event.recordType);
    if (event.recordType === 'user' && event.key.endsWith(':0')) tally.userLines += 1;
  }
  tally.unseenLines += unseen.size;
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
