import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { copilotCli } from '../../../src/agents/copilot-cli/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { filesUnder, readTranscript } from '../cases.ts';

const adapt = await copilotCli.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');
const missing = !fs.existsSync(path.join(corpus, 'copilot'));

interface Reading {
  readonly file: string;
  readonly lines: readonly number[];
  readonly events: readonly AgentEvent[];
}

/** Files whose names say nothing: recognised by their records, as in a collected tree. */
function readAll(folder: string): Reading[] {
  const root = path.join(corpus, folder);
  return filesUnder(root)
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => {
      const records = readTranscript(path.join(root, file));
      if (!copilotCli.recogniseRecords(records.slice(0, 8))) throw new Error(`${file} is not recognised`);
      const hint = copilotCli.recognise(file) ?? copilotCli.hintFor(file);
      return { file, lines: records.map(({ line }) => line), events: [...adapt(records, hint)] };
    });
}

// Real transcripts are not part of the project: the tests say nothing where they are missing.
describe.skipIf(missing)('real transcripts', () => {
  const readings = missing ? [] : readAll('copilot');
  const events = readings.flatMap((reading) => reading.events);
  const count = (wanted: (event: AgentEvent) => boolean): number => events.filter(wanted).length;
  const sum = (of: (event: AgentEvent) => number | null): number =>
    events.reduce((total, event) => total + (of(event) ?? 0), 0);

  test('are all adapted, no record is lost or unknown', () => {
    expect(readings).toHaveLength(14);
    for (const { lines, events: told } of readings) {
      expect(new Set(told.map(({ line }) => line))).toEqual(new Set(lines));
    }
    expect(events.filter(({ kind }) => kind === 'unknown')).toEqual([]);
    expect(events.filter(({ flags }) => flags.includes('wrong_type'))).toEqual([]);
    expect(new Set(events.map(({ sessionId }) => sessionId)).size).toBe(14);
    expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  });

  // The figures below were counted with a script that shares nothing with this program.
  test('have the prompts, calls and outcomes that were counted by hand', () => {
    expect(count(({ kind }) => kind === 'prompt')).toBe(18);
    expect(count(({ kind }) => kind === 'tool_call')).toBe(250);
    expect(count(({ kind }) => kind === 'tool_result')).toBe(250);
    expect(count((event) => event.kind === 'tool_result' && event.outcome === 'error')).toBe(8);
    expect(count((event) => event.kind === 'tool_result' && event.outcome === 'ok')).toBe(242);
    expect(count((event) => event.kind === 'tool_result' && event.exitCode === 0)).toBe(120);
    expect(count((event) => event.kind === 'tool_result' && event.exitCode === 1)).toBe(2);
    expect(count((event) => event.kind === 'tool_result' && event.exitCode === 128)).toBe(1);
    expect(sum((event) => (event.kind === 'tool_result' ? event.durationS : null))).toBeCloseTo(961.989, 3);
    expect(count(({ kind }) => kind === 'interrupt')).toBe(1);
    expect(count((event) => event.kind === 'hook' && event.subtype === 'failed')).toBe(4);
  });

  test('have the tokens of the totals, and the output of the three sessions that were not ended', () => {
    const of = (grain: string) =>
      events.flatMap((event) => (event.kind === 'usage' && event.grain === grain ? [event] : []));
    const total = of('process');
    expect(total).toHaveLength(11);
    expect(total.reduce((tokens, event) => tokens + (event.inputTokens ?? 0), 0)).toBe(120_863);
    expect(total.reduce((tokens, event) => tokens + (event.cacheReadTokens ?? 0), 0)).toBe(166_586);
    expect(total.reduce((tokens, event) => tokens + (event.outputTokens ?? 0), 0)).toBe(3961);
    expect(total.filter(({ inputTokens, outputTokens }) => inputTokens === null && outputTokens === null)).toHaveLength(
      3,
    );
    expect(total.filter(({ inputTokens }) => inputTokens === 0)).toEqual([]);
    const output = of('output');
    expect(output).toHaveLength(54 + 56 + 29);
    expect(output.reduce((tokens, event) => tokens + (event.outputTokens ?? 0), 0)).toBe(19_254 + 41_776 + 18_112);
  });

  test('grow: an earlier copy has no key that a later one lacks', () => {
    const long = readings.filter(({ lines }) => lines.length > 50);
    expect(long).toHaveLength(4);
    for (const { file } of long) {
      const records = readTranscript(path.join(corpus, 'copilot', file));
      const hint = copilotCli.hintFor(file);
      const keysOf = (length: number): Set<string> =>
        new Set(
          [...adapt(records.slice(0, length), hint)].filter(({ kind }) => kind !== 'usage').map(({ key }) => key),
        );
      const whole = keysOf(records.length);
      for (const part of [7, 3, 2].map((share) => keysOf(Math.floor(records.length / share)))) {
        expect([...part].filter((key) => !whole.has(key))).toEqual([]);
      }
    }
  });
});

test.skipIf(missing)('invented files of another program are adapted, and their unknown types are none', () => {
  const readings = readAll('synthetic/copilot');
  expect(readings).toHaveLength(4);
  for (const { lines, events } of readings) {
    expect(new Set(events.map(({ line }) => line))).toEqual(new Set(lines));
    expect(events.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  }
});

test.skipIf(missing)('files of other agents are not taken', () => {
  const files = filesUnder(corpus).filter(
    (file) => file.endsWith('.jsonl') && !/^(?:synthetic\/)?copilot\//.test(file),
  );
  const taken = files.filter((file) =>
    copilotCli.recogniseRecords(readTranscript(path.join(corpus, file)).slice(0, 8)),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(taken).toEqual([]);
});
