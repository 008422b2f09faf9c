import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codex } from '../../../src/agents/codex/index.ts';
import { hintOf } from '../../../src/agents/agent.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, codex);

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map(toJson);

const envelopes = [
  'session_meta',
  'turn_context',
  'response_item',
  'event_msg',
  'compacted',
  'world_state',
  'never-seen',
];

const inners = [
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'local_shell_call',
  'web_search_call',
  'tool_search_output',
  'compaction',
  'agent_message',
  'user_message',
  'token_count',
  'task_started',
  'task_complete',
  'turn_aborted',
  'exec_command_end',
  'patch_apply_end',
  'mcp_tool_call_end',
  'item_completed',
  'error',
  'thread_rolled_back',
  'exited_review_mode',
  'context_compacted',
  'collab_agent_spawn_end',
  'never-seen',
];

const texts = fc.constantFrom(
  'fix it',
  '<environment_context><cwd>/w</cwd></environment_context>',
  'const r = await tools.exec_command({cmd: "ls"}); text(r)',
  'Script completed\nWall time 1 seconds\nOutput:\nx',
  'Wall time: 1.0 seconds\nProcess running with session ID 3\nOutput:\n',
  'Exit code: 1\nWall time: 1.0 seconds\nOutput:\nx',
  '{"output":"x","metadata":{"exit_code":1}}',
  '{"cmd":"ls","session_id":3}',
);

const oneOf = (...values: readonly Json[]): fc.Arbitrary<Json> => fc.oneof(fc.constantFrom(...values), json);

const payload: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      type: fc.constantFrom(...inners),
      role: oneOf('user', 'assistant', 'developer'),
      content: fc.oneof(
        texts.map((text) => [{ type: 'input_text', text }]),
        json,
      ),
      message: fc.oneof(texts, json),
      name: oneOf('exec', 'exec_command', 'write_stdin', 'apply_patch'),
      arguments: fc.oneof(texts, json),
      input: fc.oneof(texts, json),
      output: fc.oneof(texts, json),
      call_id: oneOf('call_1', 'call_2'),
      id: oneOf('a', 'b'),
      turn_id: oneOf('t1', 't2'),
      info: fc.oneof(usageInfo(), json),
      item: fc.oneof(itemValue(), json),
      source: oneOf(
        'cli',
        'user_shell',
        { subagent: 'review' },
        { subagent: { thread_spawn: { parent_thread_id: 'p' } } },
      ),
      forked_from_id: oneOf('p'),
      history_mode: oneOf('paginated', 'legacy'),
      subagent_history_start_ordinal: oneOf(2),
      command: oneOf('ls', ['bash', '-lc', 'ls']),
      duration: json,
      result: json,
      changes: json,
      status: oneOf('completed', 'failed', 'declined'),
      started_at: json,
      duration_ms: json,
      git: json,
      summary: json,
      error: json,
      model: json,
      sandbox_policy: json,
      review_output: json,
      num_turns: json,
      images: json,
      timestamp: json,
    },
    { requiredKeys: ['type'] },
  )
  .map(asObject);

const time = fc.oneof(
  fc.integer({ min: 0, max: 5000 }).map((ms) => new Date(Date.UTC(2026, 4, 4, 9) + ms).toISOString()),
  json,
);

/** Records with the agent's field names and anything as values: where a parser that trusts its input breaks. */
const oddRecord: fc.Arbitrary<JsonObject> = fc
  .oneof(
    fc.record(
      { timestamp: time, ordinal: json, type: fc.constantFrom(...envelopes), payload: fc.oneof(payload, json) },
      { requiredKeys: ['type'] },
    ),
    payload,
    fc.record(
      { id: oneOf('a'), timestamp: time, instructions: json, record_type: oneOf('state') },
      { requiredKeys: [] },
    ),
    fc.record({ session: fc.oneof(payload, json), items: fc.oneof(fc.array(fc.oneof(payload, json)), json) }),
  )
  .map(asObject);

describe('any record', () => {
  test('gives at least one event and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(json, oddRecord), (record) => {
        expect(adaptAll([record]).length).toBeGreaterThan(0);
      }),
      { numRuns: 400 },
    );
  });

  test('of a whole source has an event that bears its line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(json, oddRecord), { maxLength: 10 }), (records) => {
        const lines = new Set(adaptAll(records).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
      }),
      { numRuns: 250 },
    );
  });

  test('means the same in any order of its keys', () => {
    fc.assert(
      fc.property(fc.array(oddRecord, { maxLength: 6 }), (records) => {
        expect(meaning(records.map(reversed))).toEqual(meaning(records));
      }),
      { numRuns: 150 },
    );
  });

  test('has a key of its own', () => {
    fc.assert(
      fc.property(fc.array(oddRecord, { maxLength: 10 }), (records) => {
        const keys = adaptAll(records).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 150 },
    );
  });
});

test('a longer copy of a source gives the events of the shorter one, but for what waits at its end', () => {
  const hint = hintOf({ sessionId: 'fixed' });
  const start = { timestamp: '2026-05-04T08:00:00.000Z', type: 'session_meta', payload: { id: 'fixed' } };
  const work = {
    timestamp: '2026-05-04T08:30:00.000Z',
    type: 'event_msg',
    payload: { type: 'agent_message', message: 'working' },
  };
  fc.assert(
    fc.property(fc.array(oddRecord, { maxLength: 8 }), fc.nat(8), (records, cut) => {
      // What waits is settled once the model works; commands and scripts without an end are decided by the file's.
      const prefix = adaptAll([start, ...records.slice(0, cut), work], hint);
      const whole = adaptAll([start, ...records.slice(0, cut), work, ...records.slice(cut)], hint);
      const lines = Math.min(cut, records.length) + 2;
      expect(decidedAtOnce(whole, lines)).toEqual(decidedAtOnce(prefix, lines));
    }),
    { numRuns: 400 },
  );
});

/** Not the results that the end of the file gives to calls whose command or script did not end. */
function decidedAtOnce(events: readonly AgentEvent[], lines: number): readonly AgentEvent[] {
  return events.filter((event) => event.line <= lines && event.kind !== 'tool_result');
}

/** Texts of unknown records repeat the record as it is written, so they are compared as values. */
function meaning(records: readonly Json[]): unknown[] {
  return adaptAll(records).map((event) => ({
    ...event,
    text: event.kind === 'unknown' && event.text !== null ? JSON.parse(event.text) : event.text,
  }));
}

function reversed(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record)
      .toReversed()
      .map(([key, value]) => [key, isObject(value) ? reversed(value) : value]),
  );
}

function usageInfo(): fc.Arbitrary<Json> {
  const counter = fc.oneof(fc.nat(1000), json);
  const vector = fc.dictionary(
    fc.constantFrom('input_tokens', 'cached_input_tokens', 'output_tokens', 'reasoning_output_tokens', 'total_tokens'),
    counter,
  );
  return fc.record({ total_token_usage: fc.oneof(vector, json), last_token_usage: fc.oneof(vector, json) }).map(toJson);
}

function itemValue(): fc.Arbitrary<Json> {
  const types = fc.constantFrom(
    'UserMessage',
    'CommandExecution',
    'FileChange',
    'McpToolCall',
    'HookPrompt',
    'NeverSeen',
  );
  const fields = fc.dictionary(
    fc.constantFrom(
      'id',
      'command',
      'content',
      'changes',
      'status',
      'exit_code',
      'source',
      'fragments',
      'server',
      'tool',
    ),
    fc.oneof(json, fc.constantFrom('call_1', 'x')),
  );
  return fc.tuple(types, fields).map(([type, rest]) => toJson({ ...rest, type }));
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}

function asObject(value: unknown): JsonObject {
  const read = toJson(value);
  return isObject(read) ? read : {};
}
