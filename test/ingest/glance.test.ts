import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents } from '../../src/agents/index.ts';
import { newReadSink } from '../../src/read/records.ts';
import { readRecords } from '../../src/read/whole.ts';
import { glanceAt, isOutside } from '../../src/ingest/glance.ts';
import type { OpenSource } from '../../src/read/source-file.ts';
import { repository } from '../helpers/cli.ts';
import { corpus, filesOf } from '../helpers/corpus.ts';

const micros = (iso: string): number => Date.parse(iso) * 1000;
const line = (value: object): string => `${JSON.stringify(value)}\n`;

function sourceOf(bytes: Buffer): OpenSource {
  return {
    identity: { sizeBytes: bytes.length, mtimeNs: 0n, deviceInode: '1:1', uid: 0, links: 1 },
    read: (from, to) => bytes.subarray(from, to),
    close: () => {},
  };
}

const look = (text: string): object | null =>
  glanceAt(sourceOf(Buffer.from(text)), 's1', { timeKey: 'timestamp', session: 'path' });

const nine = '2026-02-09T09:00:00.000Z';
const ten = '2026-02-09T10:00:00.120Z';

describe('what a glance sees', () => {
  test('the first and the last time, in whatever order they stand, over all chunks', () => {
    const filler = line({ text: 'x'.repeat(1_000_000) }).repeat(9);
    expect(look(line({ timestamp: ten }) + filler + line({ timestamp: nine }))).toEqual({
      first: micros(nine),
      last: micros(ten),
    });
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
    const long = { timestamp: ten, text: 'x'.repeat(9_000_000) };
    expect(look(line({ timestamp: nine }) + line(long))).toBeNull();
  });

  test('null when the first line has to name the session and does not', () => {
    const text = line({ type: 'session_meta', id: 's1', timestamp: nine }) + line({ timestamp: ten });
    const glance = { timeKey: 'timestamp', session: 'path and first line' } as const;
    expect(glanceAt(sourceOf(Buffer.from(text)), 's1', glance)).toEqual({ first: micros(nine), last: micros(ten) });
    expect(glanceAt(sourceOf(Buffer.from(line({ timestamp: nine }) + text)), 's1', glance)).toBeNull();
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

const glancing = agents.flatMap(({ id, glance, recognise, hintFor, loadAdapter }) =>
  glance === undefined ? [] : [{ id, glance, recognise, hintFor, loadAdapter }],
);

/** Agents put no space between key and value, as people do who write fixtures. */
function asWritten(text: string): Buffer {
  return Buffer.from(text.replaceAll(/^[{].*[}]$/gm, (record) => JSON.stringify(JSON.parse(record))));
}

/** How many files a glance tells of, and those with an event outside of what it told, or whose first event is of another session. */
async function glanced(
  agent: (typeof glancing)[number],
  root: string,
): Promise<{ readonly told: number; readonly wrong: readonly string[] }> {
  const adapt = await agent.loadAdapter();
  let told = 0;
  const wrong: string[] = [];
  for (const file of filesOf(root, '.jsonl')) {
    const below = file.split('/input/')[1] ?? relative(root, file);
    const hint = agent.recognise(below) ?? agent.hintFor(below);
    if (hint.sessionId === null || hint.form !== 'lines') continue;
    const bytes = asWritten(readFileSync(file, 'utf8'));
    const span = glanceAt(sourceOf(bytes), hint.sessionId, agent.glance);
    if (span === null) continue;
    told += 1;
    let session: string | null = null;
    for (const event of adapt(readRecords([bytes], file, hint.form, newReadSink()), hint)) {
      session ??= event.sessionId;
      const isInside = event.ts === null || (event.ts >= span.first && event.ts <= span.last);
      if (event.tsSource === 'event' && !isInside) wrong.push(`${file}:${event.line}`);
    }
    if (session !== null && session !== hint.sessionId) wrong.push(`${file} ${session}`);
  }
  return { told, wrong };
}

describe.each(glancing)(
  '$id: every event lies within what a glance sees, and the first is of the session of the path',
  (agent) => {
    test('in the fixtures', async () => {
      const { told, wrong } = await glanced(agent, join(repository, 'fixtures', agent.id));
      expect(wrong).toEqual([]);
      expect(told).toBeGreaterThan(5);
    });

    // Real transcripts are not part of the project.
    test.skipIf(corpus === null)('in real transcripts', async () => {
      const { told, wrong } = await glanced(agent, join(corpus ?? '', agent.id));
      expect(wrong).toEqual([]);
      expect(told).toBeGreaterThan(10);
    });
  },
);
