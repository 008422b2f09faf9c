import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { claudeCode } from '../../../src/agents/claude-code/index.ts';
import { asArray, asObject, asText, type Json, type JsonObject } from '../../../src/core/json.ts';
import { readTranscript, transcriptsUnder } from './transcript.ts';

const folder = path.resolve(import.meta.dirname, '../../../fixtures/claude-code');

/** Fields that most events leave at these values; expected.json states the others. */
const commonFields: JsonObject = {
  copied: false,
  parentSessionId: null,
  threadId: 'main',
  parentCallId: null,
  tsSource: 'event',
  cwd: null,
  gitBranch: null,
  agentVersion: null,
  entrypoint: null,
  text: null,
  flags: [],
};

const fieldsOfKind: Readonly<Record<string, JsonObject>> = {
  tool_call: { command: null, filePath: null },
  tool_result: { exitCode: null, durationS: null },
  progress: { counter: null, elapsedS: null, totalLines: null },
  system: { durationS: null },
  hook: { callId: null, durationS: null },
  usage: {
    requestId: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWrite5mTokens: null,
    cacheWrite1hTokens: null,
    reasoningTokens: null,
    recordedCostUsdMicros: null,
    speed: null,
  },
};

/** An event of expected.json with all its fields; `at` is its time, and the offset is that of its line. */
function whole(event: Json, session: Json | undefined, offsets: ReadonlyMap<Json | undefined, number>): JsonObject {
  const { at, ...stated } = asObject(event) ?? {};
  return {
    ...commonFields,
    ...fieldsOfKind[asText(stated['kind']) ?? ''],
    sessionId: session,
    offset: offsets.get(stated['line']),
    ts: Date.parse(asText(at) ?? '') * 1000,
    ...stated,
  };
}

describe.each(fs.readdirSync(folder).sort())('fixtures/claude-code/%s', (name) => {
  const input = path.join(folder, name, 'input');
  const expected: JsonObject = JSON.parse(fs.readFileSync(path.join(folder, name, 'expected.json'), 'utf8'));

  test('names the transcripts that it has', () => {
    expect(transcriptsUnder(input)).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.keys(expected))('%s gives the expected events', (file) => {
    const hint = claudeCode.recognise(file);
    if (hint === null) throw new Error(`${file} is not recognised by its path`);
    const { session, events } = asObject(expected[file]) ?? {};
    const records = readTranscript(path.join(input, file));
    const offsets = new Map<Json | undefined, number>(records.map((record) => [record.line, record.offset]));
    const wanted = (asArray(events) ?? []).map((event) => whole(event, session, offsets));
    expect([...claudeCode.adapt(records, hint)]).toEqual(wanted);
  });
});
