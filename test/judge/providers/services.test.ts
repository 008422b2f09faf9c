import { describe, expect, test } from 'vitest';
import { completion, message, refusal, startServer } from '../helpers/server.ts';
import { openTestProvider, patient, testKey, testRequest } from '../helpers/providers.ts';

const services = ['anthropic', 'openai', 'openai-compatible'] as const;
const score = '{"score":4}';
const canaried = JSON.stringify({ score: 4, canary: testRequest.canary });
const said = (name: (typeof services)[number], text: string) =>
  name === 'anthropic' ? message(text) : completion(text);

describe.each(services)('%s', (name) => {
  test('answers with text, usage, model, stop reason and request id', async () => {
    const server = await startServer(() => said(name, name === 'openai-compatible' ? canaried : score));
    const provider = await openTestProvider(name, server.url);
    expect(await provider.ask(testRequest, patient)).toEqual({
      status: 'answer',
      text: score,
      stop: 'end',
      usage: { inputTokens: 900, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, estimated: false },
      model: name === 'anthropic' ? 'claude-test-1' : 'gpt-test-1',
      requestId: 'req_1',
    });
    expect(provider.host).toBe(new URL(server.url).host);
  });

  test('gets the key in its own header, and nothing that tells about this machine', async () => {
    const server = await startServer(() => said(name, canaried));
    await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    const headers: Readonly<Record<string, string>> = server.log[0]?.headers ?? {};
    const key = name === 'anthropic' ? ['x-api-key', testKey] : ['authorization', `Bearer ${testKey}`];
    expect(Object.entries(headers)).toContainEqual(key);
    expect(Object.keys(headers).filter((header) => header.startsWith('x-stainless'))).toEqual([]);
    expect(headers['user-agent']).toBe('sesh');
  });

  test.each([
    [400, 'something odd', 'permanent'],
    [400, 'prompt is too long: 210000 tokens', 'too_long'],
    [400, 'Your credit balance is too low', 'config'],
    [401, 'no', 'config'],
    [402, 'pay', 'config'],
    [403, 'no', 'config'],
    [404, 'no such model', 'config'],
    [408, 'slow', 'transient'],
    [409, 'busy', 'transient'],
    [413, 'large', 'too_long'],
    [429, 'slow down', 'limit'],
    [500, 'oops', 'transient'],
    [529, 'overloaded', 'transient'],
  ])('status %i with "%s" is %s, after one request', async (status, text, kind) => {
    const server = await startServer(() => refusal(status, text));
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ status: 'failure', kind, httpStatus: status });
    expect(server.log).toHaveLength(1);
  });

  test('a refused key names the variable and never the key', async () => {
    const server = await startServer(() => refusal(401, `Incorrect API key provided: ${testKey}`));
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(JSON.stringify(reply)).not.toContain(testKey);
    const variable = {
      anthropic: 'ANTHROPIC_API_KEY',
      openai: 'OPENAI_API_KEY',
      'openai-compatible': 'SESH_JUDGE_KEY',
    };
    expect(reply).toMatchObject({
      message: `${new URL(server.url).host} does not accept the key in ${variable[name]} (401).`,
    });
  });

  test('a message of the service that repeats the key is shown without it, and at most 200 characters of it', async () => {
    const server = await startServer(() => refusal(418, `${testKey} ${'x'.repeat(300)}`));
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ kind: 'permanent' });
    const shown = reply.status === 'failure' ? reply.message : '';
    expect(shown).toBe(`${new URL(server.url).host} refused the request (418: [key] ${'x'.repeat(194)}).`);
  });

  test('hands on what the service says about waiting', async () => {
    const headers = { 'retry-after': '7', 'retry-after-ms': '6500', 'x-should-retry': 'false' };
    const server = await startServer(() => refusal(429, 'slow down', headers));
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ wait: { retryAfter: '7', retryAfterMs: '6500', shouldRetry: false } });
  });

  test('a repair shows the earlier answer and what was wrong with it', async () => {
    const server = await startServer(() => said(name, canaried));
    const repair = { answer: 'four', problem: 'Expected JSON.' };
    await (await openTestProvider(name, server.url)).ask({ ...testRequest, repair }, patient);
    expect(server.log[0]?.text).toContain('"four"');
    expect(server.log[0]?.text).toContain('Expected JSON.');
  });

  test('text that is no Unicode goes out as well-formed JSON', async () => {
    const server = await startServer(() => said(name, canaried));
    const user = 'lone \ud800 surrogate, NUL \u0000, BOM \ufeff';
    await (await openTestProvider(name, server.url)).ask({ ...testRequest, user }, patient);
    expect(JSON.stringify(server.log[0]?.json)).toContain('lone \ufffd surrogate');
  });
});

test('Claude is asked for a schema, and with a tool when it knows no schemas', async () => {
  const server = await startServer((seen) =>
    'output_config' in seen.json
      ? refusal(400, 'output_config.format: structured outputs are not supported')
      : {
          ...message(''),
          body: JSON.stringify({
            content: [{ type: 'tool_use', id: 't', name: 'verdict', input: { score: 2 } }],
            stop_reason: 'tool_use',
            model: 'claude-old',
            usage: { input_tokens: 1, output_tokens: 1 },
          }),
        },
  );
  const provider = await openTestProvider('anthropic', server.url);
  expect(await provider.ask(testRequest, patient)).toMatchObject({ status: 'answer', text: '{"score":2}' });
  expect(await provider.ask(testRequest, patient)).toMatchObject({ status: 'answer', text: '{"score":2}' });
  expect(server.log.map(({ json }) => ('tools' in json ? 'tool' : 'schema'))).toEqual(['schema', 'tool', 'tool']);
});

test('the system text is marked as the same for all sessions, and bounds stay out of the schema', async () => {
  const server = await startServer(() => message(score));
  await (await openTestProvider('anthropic', server.url)).ask({ ...testRequest, effort: 'low' }, patient);
  expect(server.log[0]?.json).toEqual({
    model: 'judge-model',
    max_tokens: 1000,
    system: [{ type: 'text', text: 'You judge.', cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: 'This is the transcript.' }],
    output_config: {
      effort: 'low',
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          additionalProperties: false,
          required: ['score'],
          properties: { score: { type: 'integer' } },
        },
      },
    },
  });
});

test.each([
  ['max_tokens', 'truncated'],
  ['model_context_window_exceeded', 'overflow'],
  ['refusal', 'refused'],
  ['end_turn', 'end'],
])('Claude stopping with %s is %s', async (stop, expected) => {
  const server = await startServer(() => message(score, { stop }));
  const reply = await (await openTestProvider('anthropic', server.url)).ask(testRequest, patient);
  expect(reply).toMatchObject({ status: 'answer', stop: expected });
});

test.each([
  ['length', 'truncated'],
  ['content_filter', 'refused'],
  ['stop', 'end'],
])('a chat completion stopping with %s is %s', async (stop, expected) => {
  const server = await startServer(() => completion(score, { stop }));
  const reply = await (await openTestProvider('openai', server.url)).ask(testRequest, patient);
  expect(reply).toMatchObject({ status: 'answer', stop: expected });
});

test('an account of OpenAI without credit answers 429, and is no limit to wait for', async () => {
  const error = { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' };
  const server = await startServer(() => ({ status: 429, body: JSON.stringify({ error }) }));
  const reply = await (await openTestProvider('openai', server.url)).ask(testRequest, patient);
  expect(reply).toMatchObject({ kind: 'config' });
});
