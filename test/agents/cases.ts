import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintOf, type Adapter, type Agent, type SourceHint } from '../../src/agents/agent.ts';
import { agents } from '../../src/agents/index.ts';
import type { AgentEvent } from '../../src/core/event.ts';
import { asArray, asObject, asText, type Json, type JsonObject } from '../../src/core/json.ts';
import type { SourceRecord } from '../../src/core/record.ts';

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
    grain: 'response',
    responses: 1,
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

/**
 * Tests every folder of `fixtures/<agent>/`: README.md (what the case is about), `input/` (the files, in the agent's own layout) and
 * expected.json: by file name the `session` and the `events`, written by hand. An event states what differs from the values above,
 * and from the file's `every` (fields that all its events share); `at` is its time, null for none. A file that its path does not
 * tell has the hint that it is read with under `hint`.
 */
export function testCases(agent: Agent): void {
  const folder = path.resolve(import.meta.dirname, `../../fixtures/${agent.id}`);
  describe.each(fs.readdirSync(folder).sort())(`fixtures/${agent.id}/%s`, (name) => {
    const input = path.join(folder, name, 'input');
    const expected: JsonObject = JSON.parse(fs.readFileSync(path.join(folder, name, 'expected.json'), 'utf8'));

    test('names the files that it has', () => {
      expect(filesUnder(input)).toEqual(Object.keys(expected).sort());
    });

    test.each(Object.keys(expected))('%s gives the expected events', (file) => {
      const { session, every, events, hint } = asObject(expected[file]) ?? {};
      const wantedHint = hint === undefined ? agent.recognise(file) : hintOf(asObject(hint) ?? {});
      if (wantedHint === null) throw new Error(`${file} is not recognised by its path`);
      const records = readSource(path.join(input, file), wantedHint);
      const offsets = new Map<Json | undefined, number>(records.map((record) => [record.line, record.offset]));
      const shared = { sessionId: session, ...asObject(every) };
      const wanted = (asArray(events) ?? []).map((event) => whole(event, shared, offsets));
      expect([...adapterOf(agent)(records, wantedHint)]).toEqual(wanted);
    });
  });
}

/** An event of expected.json with all its fields; the offset is that of its line. */
function whole(event: Json, shared: JsonObject, offsets: ReadonlyMap<Json | undefined, number>): JsonObject {
  const { at, ...stated } = asObject(event) ?? {};
  const line = stated['line'] ?? shared['line'];
  return {
    ...commonFields,
    ...fieldsOfKind[asText(stated['kind']) ?? ''],
    ...shared,
    offset: offsets.get(line),
    ts: at === null ? null : Date.parse(asText(at) ?? '') * 1000,
    ...stated,
  };
}

const adapters = new Map(
  await Promise.all(agents.map(async (agent) => [agent.id, await agent.loadAdapter()] as const)),
);

function adapterOf({ id }: Agent): Adapter {
  const adapter = adapters.get(id);
  if (adapter === undefined) throw new Error(`${id} is not registered`);
  return adapter;
}

export function recordsOf(values: readonly Json[]): SourceRecord[] {
  return values.map((value, index) => ({ line: index + 1, offset: index * 100, value, flags: [] }));
}

export function adaptAll(agent: Agent, values: readonly Json[], hint: SourceHint = hintOf({})): AgentEvent[] {
  return [...adapterOf(agent)(recordsOf(values), hint)];
}

/** The records of a file in the form that the hint names. */
export function readSource(file: string, { form }: SourceHint): SourceRecord[] {
  if (form === 'lines') return readTranscript(file);
  const text = fs.readFileSync(file, 'utf8');
  const value: Json = form === 'document' ? JSON.parse(text) : { text };
  return [{ line: 1, offset: 0, value, flags: [] }];
}

/** The lines of a transcript that parse, with the bytes where they begin. */
export function readTranscript(file: string): SourceRecord[] {
  const records: SourceRecord[] = [];
  let offset = 0;
  for (const [index, text] of fs.readFileSync(file, 'utf8').split('\n').entries()) {
    const value = parse(text);
    if (value !== undefined) records.push({ line: index + 1, offset, value, flags: [] });
    offset += Buffer.byteLength(text) + 1;
  }
  return records;
}

/** Folders of `fixtures/` that hold the cases of an agent. */
export function agentFolders(): string[] {
  return agents.map(({ id }): string => id).sort();
}

/** Paths of all files, relative, with `/` separators, sorted. */
export function filesUnder(root: string): string[] {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

function parse(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
