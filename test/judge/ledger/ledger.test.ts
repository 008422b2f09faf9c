import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ledger, type NewLine } from '../../../src/judge/ledger/ledger.ts';
import { parseLine } from '../../../src/judge/ledger/lines.ts';
import { scratch } from '../../helpers/scratch.ts';

const now = (): number => Date.parse('2026-11-21T10:00:00Z');
const key = 'a'.repeat(64);
const other = 'b'.repeat(64);
const host = 'api.example';

const intent: NewLine = { type: 'intent', key, agent: 'claude-code', session_id: 's1', sample_index: 0 };
const sent = (attempt: number): NewLine => ({ type: 'sent', key, attempt, reserved_usd_micros: 5000 });
const failedLine: NewLine = {
  type: 'failed',
  key,
  attempt: 1,
  kind: 'transient',
  http_status: 529,
  message: 'later',
  final: false,
};
const response = (attempt: number): NewLine => ({
  type: 'response',
  key,
  attempt,
  host,
  asked_model: 'model',
  text: '{"score":4}',
  text_sha256: 'c'.repeat(64),
  stop: 'end',
  model: 'model-2026',
  request_id: null,
  usage: { input_tokens: 1, output_tokens: 2, cache_read_tokens: 0, cache_write_tokens: 0, estimated: false },
  cost_usd_micros: 1100,
  repair: false,
  longer: false,
  drift: false,
  batch: null,
});
const verdict: NewLine = { type: 'verdict', key, agent: 'claude-code', session_id: 's1', row: { key, score: 4 } };
const publishedLine: NewLine = { type: 'published', key, agent: 'claude-code', session_id: 's1' };

async function written(directory: string, ...lines: readonly NewLine[]): Promise<Ledger> {
  const ledger = await Ledger.open(directory, now);
  for (const line of lines) await ledger.record(line);
  return ledger;
}

const fileIn = (directory: string): string => join(directory, 'ledger-2026-11.jsonl');

describe('the ledger', () => {
  test('writes nothing before something happened', async () => {
    const directory = join(scratch(), 'judge');
    await Ledger.open(directory, now);
    expect(existsSync(directory)).toBe(false);
  });

  test('is a file a month that only its owner reads, one whole line a happening', async () => {
    const directory = join(scratch(), 'judge');
    await written(directory, intent, sent(1), response(1));
    expect(readdirSync(directory)).toEqual(['ledger-2026-11.jsonl']);
    expect(statSync(fileIn(directory)).mode & 0o777).toBe(0o600);
    const lines = readFileSync(fileIn(directory), 'utf8').split('\n');
    expect(lines.map((line) => parseLine(line)?.type ?? null)).toEqual(['intent', 'sent', 'response', null]);
  });

  test.each<[string, readonly NewLine[], object]>([
    ['nothing', [], { sends: 0, unheard: 0, refused: null, batch: null }],
    ['an intent', [intent], { sends: 0, unheard: 0 }],
    ['a question under way', [intent, sent(1)], { sends: 1, unheard: 1 }],
    ['a failure', [intent, sent(1), failedLine], { sends: 1, unheard: 0, refused: null }],
    ['a second try under way', [intent, sent(1), failedLine, sent(2)], { sends: 2, unheard: 1 }],
    ['an answer', [intent, sent(1), response(1)], { sends: 1, unheard: 0 }],
    ['two runs that died', [intent, sent(1), sent(2)], { sends: 2, unheard: 2 }],
    ['an answer after a run that died', [intent, sent(1), sent(2), response(2)], { sends: 2, unheard: 1 }],
  ])('read again knows of %s what it knew before', async (_what, lines, expected) => {
    const directory = join(scratch(), 'judge');
    const before = await written(directory, ...lines);
    const after = await Ledger.open(directory, now);
    expect(after.question(key)).toMatchObject(expected);
    expect(after.question(key)).toEqual(before.question(key));
    expect(after.question(other)).toEqual({
      key: other,
      sends: 0,
      unheard: 0,
      answers: [],
      refused: null,
      batch: null,
    });
  });

  test('knows which verdicts the table may lack', async () => {
    const directory = join(scratch(), 'judge');
    const kept = { key, agent: 'claude-code', sessionId: 's1', row: { key, score: 4 } };
    await written(directory, intent, sent(1), response(1), verdict);
    const between = await Ledger.open(directory, now);
    expect(between.unpublished()).toEqual([kept]);
    await between.record(publishedLine);
    const after = await Ledger.open(directory, now);
    expect(after.unpublished()).toEqual([]);
    expect(after.verdict(key, 'claude-code', 's1')).toEqual(kept);
    expect(after.verdict(key, 'claude-code', 's2')).toBeNull();
  });

  test('adds up what was paid and what may have been', async () => {
    const ledger = await written(join(scratch(), 'judge'), intent, sent(1), failedLine, sent(2), response(2), {
      ...sent(3),
    });
    expect(ledger.spentSince(now() - 1)).toBe(1100 + 5000);
    expect(ledger.spentSince(now() + 1)).toBe(0);
    expect(ledger.questionsSince(now() - 1)).toBe(1);
    expect(ledger.lastModel(host, 'model')).toBe('model-2026');
  });

  test('remembers until when a service asked not to be asked', async () => {
    const until = '2026-11-21T12:13:19.000Z';
    const ledger = await written(join(scratch(), 'judge'), { type: 'parked', host, model: 'model', until });
    expect(ledger.parkedUntilMs(host, 'model')).toBe(Date.parse(until));
    expect(ledger.parkedUntilMs(host, 'another')).toBe(0);
  });

  test('knows the batches that are out, by host', async () => {
    const directory = join(scratch(), 'judge');
    const model = 'model';
    await written(
      directory,
      { type: 'batch_intent', label: 'one', host, model, keys: [key], reserved_usd_micros: 70 },
      { type: 'batch_intent', label: 'two', host, model, keys: [other], reserved_usd_micros: 7 },
      { type: 'batch', label: 'two', id: 'batch_2' },
    );
    const ledger = await Ledger.open(directory, now);
    expect(ledger.openBatches(host).map(({ label, id, keys }) => [label, id, keys])).toEqual([
      ['one', null, [key]],
      ['two', 'batch_2', [other]],
    ]);
    expect(ledger.openBatches('elsewhere')).toEqual([]);
    expect(ledger.question(key)).toMatchObject({ sends: 1, unheard: 0, batch: 'one' });
    expect(ledger.spentSince(0)).toBe(77);
    await ledger.record({ type: 'batch_done', label: 'one' });
    expect(ledger.question(key)).toMatchObject({ batch: null });
    expect(ledger.spentSince(0)).toBe(7);
  });
});

describe('a damaged ledger', () => {
  test('whose last line was cut off loses that line only, and goes on behind it', async () => {
    const directory = join(scratch(), 'judge');
    await written(directory, intent, sent(1));
    appendFileSync(fileIn(directory), '{"type":"response","key":"aaaa');
    const ledger = await Ledger.open(directory, now);
    expect([ledger.damaged, ledger.question(key).sends]).toEqual([1, 1]);
    await ledger.record(response(1));
    const after = await Ledger.open(directory, now);
    expect([after.damaged, after.question(key).answers.length]).toEqual([1, 1]);
  });

  test.each([
    ['a changed price', '"cost_usd_micros":1100', '"cost_usd_micros":1'],
    ['a changed answer', '{\\"score\\":4}', '{\\"score\\":5}'],
    ['a changed type', '"type":"response"', '"type":"reply"'],
    ['no checksum', '"sum":"', '"was":"'],
  ])('with %s does not believe that line', async (_what, from, to) => {
    const directory = join(scratch(), 'judge');
    await written(directory, intent, sent(1), response(1));
    const text = readFileSync(fileIn(directory), 'utf8');
    const changed = text.split('\n').map((line) => (line.includes('"response"') ? line.replace(from, to) : line));
    expect(changed.join('\n')).not.toBe(text);
    writeFileSync(fileIn(directory), changed.join('\n'));
    const ledger = await Ledger.open(directory, now);
    expect([ledger.damaged, ledger.question(key).answers]).toEqual([1, []]);
  });

  test('however it is damaged, is read without an error (T49)', async () => {
    const directory = join(scratch(), 'judge');
    await written(directory, intent, sent(1), response(1), verdict, publishedLine);
    const whole = readFileSync(fileIn(directory));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 40 }), async (at, bytes) => {
        const mutated = Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)]);
        writeFileSync(fileIn(directory), mutated);
        const ledger = await Ledger.open(directory, now);
        expect(ledger.question(key).answers.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});
