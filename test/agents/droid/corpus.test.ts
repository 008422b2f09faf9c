import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { droid } from '../../../src/agents/droid/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await droid.loadAdapter();

// Real transcripts are not part of the project: the tests say nothing where they are missing.
const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(path.join(corpus, 'other/droid'));

/** As many records as discovery looks at. */
const HEAD_RECORDS = 8;

test.skipIf(missing)('the files of the agent, and no others, are recognised by their records', () => {
  const lines = filesUnder(corpus).filter((name) => name.endsWith('.jsonl'));
  const recognised = lines.filter((name) => droid.recogniseRecords(recordsOf(name).slice(0, HEAD_RECORDS)));
  expect(recognised).toEqual(lines.filter((name) => name.startsWith('other/droid/')));
});

test.skipIf(missing)('each prompt is what a person typed, and a limit ends both of the real sessions', () => {
  const real = eventsUnder('other/droid/computermode__test-repo');
  expect(textsOf(real, 'prompt')).toEqual([
    'create a markdown file that explains this is for testing factory droid',
    'echo "test"',
  ]);
  expect(textsOf(real, 'api_error').map((text) => text.slice(0, 19))).toEqual([
    'Token limit reached',
    'Token limit reached',
  ]);
  expect(textsOf(real, 'unknown')).toEqual([]);
});

test.skipIf(missing)('invented sessions of another project are read without a loss', () => {
  const invented = eventsUnder('other/droid/synthetic');
  expect(textsOf(invented, 'unknown')).toEqual([]);
  expect(textsOf(invented, 'prompt').toSorted()).toEqual(['Do the thing', 'Run a command', 'Step 1', 'Step 2']);
  const results = invented.filter((event) => event.kind === 'tool_result');
  expect(results.map(({ outcome, exitCode }) => [outcome, exitCode])).toEqual([
    ['ok', null],
    ['error', 1],
  ]);
});

function eventsUnder(folder: string): AgentEvent[] {
  return filesUnder(path.join(corpus, folder)).flatMap((file) => {
    const name = `${folder}/${file}`;
    const records = recordsOf(name);
    const events = [...adapt(records, droid.hintFor(name))];
    expect(new Set(events.map((event) => event.line)).size).toBe(records.length);
    return events;
  });
}

function textsOf(events: readonly AgentEvent[], kind: AgentEvent['kind']): string[] {
  return events.filter((event) => event.kind === kind).map((event) => event.text ?? '');
}

function recordsOf(name: string): ReturnType<typeof readTranscript> {
  return readTranscript(path.join(corpus, name));
}
