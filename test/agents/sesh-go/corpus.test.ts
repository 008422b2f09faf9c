import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { seshGo } from '../../../src/agents/sesh-go/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { filesUnder, readTranscript, recordsOf } from '../cases.ts';

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');

// There are no collected sessions of this agent; what there is of others must not be taken for one.
test.skipIf(!fs.existsSync(corpus))('no file of another agent is taken for a session', () => {
  const taken = filesUnder(corpus).filter((file) => {
    if (seshGo.recognise(file) !== null) return true;
    if (file.endsWith('.jsonl')) return seshGo.recogniseRecords(readTranscript(path.join(corpus, file)).slice(0, 8));
    return file.endsWith('.json') && seshGo.recogniseRecords(recordsOf(documentIn(path.join(corpus, file))));
  });
  expect(taken).toEqual([]);
});

function documentIn(file: string): Json[] {
  try {
    return [JSON.parse(fs.readFileSync(file, 'utf8'))];
  } catch {
    return [];
  }
}
