import { expect, test } from 'vitest';
import { hintOf } from '../../../src/agents/agent.ts';
import { rooCode } from '../../../src/agents/roo-code/index.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { adaptAll } from '../cases.ts';

function inputTokens(request: JsonObject): unknown {
  const message = { ts: 1_777_885_201_000, type: 'say', say: 'api_req_started', text: JSON.stringify(request) };
  const file = { file: 't/ui_messages.json', value: [message] };
  const events = adaptAll(rooCode, [file], hintOf({ member: 't', sessionId: 't' }));
  return events.flatMap((event) => (event.kind === 'usage' ? [event.inputTokens] : []));
}

test.each<[string, JsonObject, number]>([
  [
    'the whole prompt since 3.29.5',
    { apiProtocol: 'anthropic', tokensIn: 1000, cacheReads: 600, cacheWrites: 100 },
    300,
  ],
  ['all of it from the cache', { apiProtocol: 'openai', tokensIn: 600, cacheReads: 600, cacheWrites: 0 }, 0],
  [
    'the uncached part before, for Anthropic',
    { apiProtocol: 'anthropic', tokensIn: 412, cacheReads: 49_500, cacheWrites: 0 },
    412,
  ],
  ['as it is where no protocol is named', { tokensIn: 1000, cacheReads: 600, cacheWrites: 100 }, 1000],
])('tokensIn is %s', (_what, request, expected) => {
  expect(inputTokens({ ...request, tokensOut: 5 })).toEqual([expected]);
});
