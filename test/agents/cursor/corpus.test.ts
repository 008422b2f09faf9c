import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cursor } from '../../../src/agents/cursor/index.ts';
import { filesUnder, readTranscript } from '../cases.ts';

// Real transcripts are not part of the project: the test says nothing where they are missing.
const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');

/** As many records as discovery looks at. */
const HEAD_RECORDS = 8;

test.skipIf(!fs.existsSync(corpus))('no file of another agent is recognised', () => {
  const recognised = filesUnder(corpus)
    .filter((name) => name.endsWith('.jsonl'))
    .filter((name) => {
      const records = readTranscript(path.join(corpus, name)).slice(0, HEAD_RECORDS);
      return cursor.recognise(name) !== null || cursor.recogniseRecords(records);
    });
  expect(recognised).toEqual([]);
});
