import { describe, expect, test } from 'vitest';
import { cline } from '../../../src/agents/cline/index.ts';
import { kiloCode } from '../../../src/agents/kilo-code/index.ts';
import { rooCode } from '../../../src/agents/roo-code/index.ts';
import type { Json } from '../../../src/core/json.ts';
import { recordsOf } from '../cases.ts';

const message = { ts: 1_777_885_200_000, type: 'say', say: 'text', text: 'hi' };
const request = { ...message, say: 'api_req_started', text: '{"apiProtocol":"openai"}' };
const history = { id: 'a', ts: 1, task: 'go', workspace: '/w' };
const metadata = { model_usage: [], files_in_context: [] };

/** Kilo Code's files are as Roo Code's: without their folder they cannot be told. */
describe('the one record of a file tells whose it is', () => {
  test.each<[string, readonly Json[], readonly string[]]>([
    ['messages', [[message]], ['cline']],
    ['messages with a type of Roo Code', [[message, { ...message, say: 'checkpoint_saved' }]], ['roo-code']],
    ['messages with a request of Roo Code', [[message, request]], ['roo-code']],
    ['a history item', [history], ['roo-code']],
    ['metadata', [metadata], ['cline']],
    ['messages of another shape', [[message, { role: 'user' }]], []],
    ['messages without time', [[{ type: 'say', say: 'text' }]], []],
    ['an empty list', [[]], []],
    ['several records', [[message], [message]], []],
    ['nothing', [], []],
    ['a text', ['x'], []],
  ])('%s', (_, values, expected) => {
    const records = recordsOf(values);
    const owners = [cline, rooCode, kiloCode].filter((agent) => agent.recogniseRecords(records));
    expect(owners.map(({ id }) => id)).toEqual(expected);
  });
});
