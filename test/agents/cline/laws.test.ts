import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { cline } from '../../../src/agents/cline/index.ts';
import type { AgentEvent } from '../../../src/core/event.ts';
import type { Json } from '../../../src/core/json.ts';
import { adaptAll as adaptWith } from '../cases.ts';

const adaptAll = adaptWith.bind(null, cline);
const hint = hintOf({ sessionId: '1777885200000' });

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map(toJson);

const types = fc.constantFrom(
  'text',
  'task',
  'api_req_started',
  'api_req_failed',
  'command',
  'command_output',
  'tool',
  'use_mcp_server',
  'mcp_server_response',
  'browser_action',
  'browser_action_result',
  'error',
  'diff_error',
  'rooignore_error',
  'user_feedback',
  'user_feedback_diff',
  'completion_result',
  'followup',
  'subtask_result',
  'condense_context',
  'checkpoint_created',
  'resume_task',
  'never-seen',
);

const request = odd({
  request: fc.constantFrom(
    "[execute_command for 'ls'] Result:\n\nThe user denied this operation.",
    "[execute_command for 'ls'] Result:\n\nCommand failed with exit code 1.\nOutput:\nx",
    '<environment_details>\n<model>m</model>\n# Current Working Directory (/w) Files',
  ),
  tokensIn: fc.nat(9),
  tokensOut: fc.nat(9),
  cacheReads: fc.nat(9),
  cacheWrites: fc.nat(9),
  cost: fc.constantFrom(0, 0.5, '0.5'),
  cancelReason: fc.constantFrom('user_cancelled', 'streaming_failed'),
  streamingFailedMessage: fc.constantFrom('429', ''),
  tool: fc.constantFrom('readFile', 'newTask', 'never-seen'),
  path: fc.string(),
  question: fc.string(),
  diff: fc.string(),
});

const message = odd({
  ts: fc.integer({ min: 1_777_885_200_000, max: 1_777_885_200_005 }),
  type: fc.constantFrom('say', 'ask'),
  say: types,
  ask: types,
  text: fc.oneof(
    request.map((value) => JSON.stringify(value)),
    fc.constantFrom('', 'hello', '{"cut', 'Exit code: 3'),
  ),
  partial: fc.boolean(),
  images: fc.array(fc.string(), { maxLength: 2 }),
  modelInfo: odd({ modelId: fc.constant('m') }),
  contextCondense: odd({ summary: fc.string() }),
});

const messages = fc.array(fc.oneof({ weight: 5, arbitrary: message }, json), { maxLength: 8 });
const metadata = odd({
  model_usage: fc.array(odd({ ts: fc.integer(), model_id: fc.string() })),
  files_in_context: json,
});
const history = odd({ id: fc.string(), ts: fc.integer(), parentTaskId: fc.string(), workspace: fc.string() });

describe('any file of a task', () => {
  test('gives at least one event and never throws', () => {
    const line = odd({ file: fc.constant('a'), value: fc.oneof(messages, metadata, history), text: fc.string() });
    const files = fc.array(fc.oneof(json, messages, metadata, history, line), { maxLength: 4 });
    fc.assert(
      fc.property(files, (values) => {
        const lines = new Set(adaptAll(values, hintOf({})).map((event) => event.line));
        expect([...lines].sort((a, b) => a - b)).toEqual(values.map((_, index) => index + 1));
      }),
      { numRuns: 600 },
    );
  });

  test('has no two events with one key', () => {
    fc.assert(
      fc.property(messages, (values) => {
        const keys = adaptAll([values], hint).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 500 },
    );
  });
});

test('a task that has gone on gives the events of the shorter one first, but for the result that was open', () => {
  fc.assert(
    fc.property(messages, fc.nat(8), (values, cut) => {
      const start = adaptAll([values.slice(0, cut)], hint).filter(isDecided);
      // Times and places that come later are known of the whole only.
      const known = values.slice(0, cut).some((value) => typeof value === 'object' && value !== null && 'ts' in value);
      fc.pre(known);
      const whole = adaptAll([values], hint).slice(0, start.length);
      expect(whole.map(meaning)).toEqual(start.map(meaning));
    }),
    { numRuns: 400 },
  );
});

test('the folder of a task and its messages alone give the same keys', () => {
  fc.assert(
    fc.property(messages, metadata, (values, facts) => {
      const folder = adaptAll(
        [
          { file: 'a', value: facts },
          { file: 'b', value: values },
        ],
        hint,
      );
      const keys = folder.filter(({ line }) => line === 2).map(({ key }) => key);
      expect(keys).toEqual(adaptAll([values], hint).map(({ key }) => key));
    }),
    { numRuns: 300 },
  );
});

function isDecided(event: AgentEvent): boolean {
  return !event.copied;
}

function meaning({ kind, key, text, recordType }: AgentEvent): unknown {
  return { kind, key, text, recordType };
}

/** An object with some of the fields, each either as it should be or anything. */
function odd(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Json> {
  const loose = Object.entries(fields).map(
    ([name, arbitrary]) => [name, fc.oneof({ weight: 6, arbitrary }, json)] as const,
  );
  return fc.record(Object.fromEntries(loose), { requiredKeys: [] }).map(toJson);
}

/** As it comes out of a file: what JSON cannot say is gone. */
function toJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value) ?? 'null');
  return read;
}
