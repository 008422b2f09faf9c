import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/agents/codex/index.ts';
import type { SourceHint } from '../../../src/agents/agent.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { filesUnder, readSource } from '../cases.ts';

const adapt = await codex.loadAdapter();

const corpus = path.resolve(import.meta.dirname, '../../../../shared/corpus');

interface Read {
  readonly file: string;
  readonly lines: number;
  readonly events: readonly AgentEvent[];
}

function readAll(folder: string): readonly Read[] {
  const root = path.join(corpus, folder);
  return filesUnder(root).map((file) => {
    const hint = hintOfFile(root, file);
    const records = readSource(path.join(root, file), hint);
    return { file, lines: records.length, events: [...adapt(records, hint)] };
  });
}

function hintOfFile(root: string, file: string): SourceHint {
  const named = codex.recognise(file);
  if (named !== null) return named;
  const hint = codex.hintFor(file);
  const records = readSource(path.join(root, file), hint);
  if (!codex.recogniseRecords(records.slice(0, 8))) throw new Error('Expected every file to be recognised');
  return hint;
}

function unseenLines(files: readonly Read[]): number {
  return files.reduce((sum, { lines, events }) => sum + lines - new Set(events.map(({ line }) => line)).size, 0);
}

function unknownTypes(files: readonly Read[]): readonly string[] {
  const unknown = files.flatMap(({ events }) => events.filter(({ kind }) => kind === 'unknown'));
  return [...new Set(unknown.map(({ recordType }) => recordType))].sort();
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

function countBy(values: readonly (string | number | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

// Real transcripts are not part of the project: the tests say nothing where they are missing.
describe.skipIf(!fs.existsSync(path.join(corpus, 'codex')))('real sessions', () => {
  const files = fs.existsSync(path.join(corpus, 'codex')) ? readAll('codex') : [];
  const events = files.flatMap((file) => file.events);
  const results = events.flatMap((event) => (event.kind === 'tool_result' ? [event] : []));

  test('are all recognised and adapted, and no record is lost', () => {
    expect(files).toHaveLength(25);
    expect(unseenLines(files)).toBe(0);
    expect(unknownTypes(files)).toEqual([]);
    expect(events.filter(({ copied, flags }) => copied || flags.includes('uncertain_copy'))).toEqual([]);
  });

  // The figures were counted with a script of its own from the lines: last totals, repeats, `user_message`s, calls and header lines.
  test('hold the tokens of their last totals', () => {
    const usages = events.flatMap((event) => (event.kind === 'usage' ? [event] : []));
    const uncached = sum(usages.map(({ inputTokens }) => inputTokens));
    const cached = sum(usages.map(({ cacheReadTokens }) => cacheReadTokens));
    expect({
      responses: usages.length,
      input: uncached + cached,
      cached,
      output: sum(usages.map(({ outputTokens }) => outputTokens)),
      reasoning: sum(usages.map(({ reasoningTokens }) => reasoningTokens)),
    }).toEqual({
      responses: 3227,
      input: 381_013_282,
      cached: 362_246_016,
      output: 1_251_983,
      reasoning: 444_452,
    });
    expect(usages.filter(({ responses }) => responses === null)).toHaveLength(1);
  });

  test('hold the prompts, calls, exit codes and durations that stand in them', () => {
    expect(countBy(events.map(({ kind }) => kind))).toMatchObject({ prompt: 325, tool_call: 4900, interrupt: 9 });
    const commands = results.filter(({ recordType }) => recordType.startsWith('response_item'));
    expect(countBy(commands.map(({ exitCode }) => exitCode))).toMatchObject({
      '0': 3992,
      '1': 150,
      '2': 42,
      '3': 1,
      '5': 2,
      '8': 1,
      '22': 1,
      '127': 6,
      '128': 13,
      '130': 2,
    });
    // 166 commands went on after their call: 14,653 s from their beginning to the last that was seen of them, 2,883 s of that in the first answers.
    expect(Math.round(sum(commands.map(({ durationS }) => durationS)))).toBe(25_410);
    const turns = events.flatMap((event) => (event.kind === 'system' ? [event] : []));
    expect(countBy(turns.map(({ subtype }) => subtype))).toEqual({ turn_end: 137, compaction: 13 });
    expect(Math.round(sum(turns.map(({ durationS }) => durationS)))).toBe(39_474);
  });

  test('have every result with a call, and each call with at most one', () => {
    const calls = new Set(events.flatMap((event) => (event.kind === 'tool_call' ? [event.callId] : [])));
    expect(results.filter(({ callId }) => !calls.has(callId))).toEqual([]);
    expect(new Set(results.map(({ callId }) => callId)).size).toBe(results.length);
  });

  test('repeat nothing under another key, in the copies that were made while they grew', () => {
    const keys = new Set(events.map(({ key }) => key));
    const copies = readAll('snapshots/codex');
    expect(copies).toHaveLength(4);
    expect(unseenLines(copies)).toBe(0);
    expect(copies.flatMap((copy) => copy.events.filter(({ key }) => !keys.has(key)))).toEqual([]);
  });
});

describe.skipIf(!fs.existsSync(path.join(corpus, 'synthetic/codex')))('invented sessions of other tools', () => {
  test('are read, and what no version of the agent writes is kept as unknown', () => {
    const files = readAll('synthetic/codex');
    expect(files.length).toBeGreaterThan(20);
    expect(unseenLines(files)).toBe(0);
    expect(unknownTypes(files)).toEqual([
      'event_msg.account/rateLimits/updated',
      'event_msg.codex/event/raw_item',
      'event_msg.item_completed.Extension',
      'event_msg.tool_call',
      'event_msg.turn.completed',
      'event_msg.turn_context',
      'future_codex_event',
      'response_item',
      'response_item.message',
      'response_item.tool_call',
      'response_item.tool_result',
    ]);
  });
});

test.skipIf(!fs.existsSync(corpus))('no file of another agent is taken for one of this', () => {
  const others = fs
    .readdirSync(corpus)
    .filter((folder) => !['codex', 'snapshots', 'synthetic'].includes(folder))
    .filter((folder) => fs.statSync(path.join(corpus, folder)).isDirectory());
  const taken = others.flatMap((folder) =>
    filesUnder(path.join(corpus, folder))
      .filter((file) => /\.jsonl?$/.test(file))
      .filter((file) => isTaken(path.join(corpus, folder), file)),
  );
  expect(taken).toEqual([]);
});

function isTaken(root: string, file: string): boolean {
  if (codex.recognise(file) !== null) return true;
  const form = file.endsWith('.json') ? 'document' : 'lines';
  const whole = path.join(root, file);
  const isDocument = form === 'document' && isJson(whole);
  if (form === 'document' && !isDocument) return false;
  return codex.recogniseRecords(readSource(whole, { ...codex.hintFor(file), form }).slice(0, 8));
}

function isJson(file: string): boolean {
  try {
    JSON.parse(fs.readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}
