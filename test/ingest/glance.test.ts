import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents } from '../../src/agents/index.ts';
import { newReadSink } from '../../src/read/records.ts';
import { readRecords } from '../../src/read/whole.ts';
import { isOutside, timesUnder } from '../../src/ingest/glance.ts';
import { repository } from '../helpers/cli.ts';
import { corpus, filesOf } from '../helpers/corpus.ts';

const micros = (iso: string): number => Date.parse(iso) * 1000;
const line = (value: object): string => `${JSON.stringify(value)}\n`;
const look = (...chunks: readonly string[]): object | null =>
  timesUnder(
    'timestamp',
    chunks.map((chunk) => Buffer.from(chunk)),
  );

const nine = '2026-02-09T09:00:00.000Z';
const ten = '2026-02-09T10:00:00.120Z';

describe('what a glance sees', () => {
  test('the first and the last time, in whatever order they stand, over all chunks', () => {
    const chunks = [line({ timestamp: ten }), line({ type: 'summary' }) + line({ timestamp: nine })];
    expect(look(...chunks)).toEqual({ first: micros(nine), last: micros(ten) });
  });

  test('also times of other things: they can only make a source look wider than it is', () => {
    expect(look(line({ timestamp: ten, snapshot: { timestamp: nine } }))).toEqual({
      first: micros(nine),
      last: micros(ten),
    });
  });

  test('no time inside a text', () => {
    expect(look(line({ timestamp: ten, text: line({ timestamp: nine }) }))).toMatchObject({ first: micros(ten) });
  });

  test.each([
    ['no time at all', line({ type: 'summary' })],
    ['nothing', ''],
    ['a time that is a number', line({ timestamp: ten }) + line({ timestamp: 1_770_000_000 })],
    ['a time with an offset', line({ timestamp: '2026-02-09T10:00:00.000+01:00' })],
    ['a time without milliseconds', line({ timestamp: '2026-02-09T10:00:00Z' })],
    ['a day that does not exist', line({ timestamp: '2026-13-41T10:00:00.000Z' })],
    ['space behind the key', `{"timestamp": "${ten}"}\n`],
    ['a letter of a key as a number', `${line({ timestamp: ten })}{"time\\u0073tamp":"${nine}"}\n`],
    ['other bytes than UTF-8', Buffer.from(line({ timestamp: ten }), 'utf16le').toString('latin1')],
  ])('null for %s: only the records can tell', (_, text) => {
    expect(look(text)).toBeNull();
  });

  test('control characters in texts are no reason to doubt', () => {
    expect(look(line({ timestamp: ten, text: '\u001b[31m' }))).not.toBeNull();
  });

  test('null when a line is cut where a key may stand', () => {
    expect(look(`{"timestamp":"${ten}","time`, `stamp":"${nine}"}\n`)).toBeNull();
  });
});

test('a source is outside when its last time is before the window, or its first not before its end', () => {
  const span = { first: 10, last: 20 };
  const outside = (since: number | null, until: number | null): boolean => isOutside(span, { since, until });
  expect([outside(20, null), outside(21, null), outside(null, 10), outside(null, 11), outside(12, 13)]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

const glancing = agents.flatMap((agent) =>
  agent.timeKey === undefined ? [] : [{ id: agent.id, agent, timeKey: agent.timeKey }],
);

/** Agents put no space between key and value, as people do who write fixtures. */
function asWritten(text: string): Buffer {
  return Buffer.from(text.replaceAll(/^[{].*[}]$/gm, (record) => JSON.stringify(JSON.parse(record))));
}

/** How many files a glance tells of, and those that have an event outside of what it told or of another session than their path's. */
async function glanced(
  { agent, timeKey }: (typeof glancing)[number],
  root: string,
): Promise<{ readonly told: number; readonly wrong: readonly string[] }> {
  const adapt = await agent.loadAdapter();
  let told = 0;
  const wrong: string[] = [];
  for (const file of filesOf(root, '.jsonl')) {
    const below = file.split('/input/')[1] ?? relative(root, file);
    const hint = agent.recognise(below) ?? agent.hintFor(below);
    const bytes = asWritten(readFileSync(file, 'utf8'));
    const span = timesUnder(timeKey, [bytes]);
    if (span === null || hint.sessionId === null || hint.form !== 'lines') continue;
    told += 1;
    for (const event of adapt(readRecords([bytes], file, hint.form, newReadSink()), hint)) {
      const isInside = event.ts === null || (event.ts >= span.first && event.ts <= span.last);
      if (event.tsSource === 'event' && !isInside) wrong.push(`${file}:${event.line}`);
      if (event.sessionId !== hint.sessionId) wrong.push(`${file}:${event.line} ${event.sessionId}`);
    }
  }
  return { told, wrong };
}

describe.each(glancing)(
  '$id: every event lies within what a glance sees, and belongs to the session of the path',
  (glance) => {
    test('in the fixtures', async () => {
      const { told, wrong } = await glanced(glance, join(repository, 'fixtures', glance.id));
      expect(wrong).toEqual([]);
      expect(told).toBeGreaterThan(5);
    });

    // Real transcripts are not part of the project.
    test.skipIf(corpus === null)('in real transcripts', async () => {
      const { told, wrong } = await glanced(glance, join(corpus ?? '', glance.id));
      expect(wrong).toEqual([]);
      expect(told).toBeGreaterThan(50);
    });
  },
);
