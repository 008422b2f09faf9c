import { describe, expect, test } from 'vitest';
import { asArray, asObject, asText, type JsonObject } from '../../../src/core/json.ts';
import type { Reply } from '../../../src/judge/providers/provider.ts';
import { usualLimits } from '../../../src/judge/providers/wire.ts';
import { completion, refusal, startServer, type FakeServer, type Script } from '../helpers/server.ts';
import { openTestProvider, patient, testRequest } from '../helpers/providers.ts';

const canaried = JSON.stringify({ score: 4, canary: testRequest.canary });

async function asked(script: Script): Promise<{ readonly reply: Reply; readonly server: FakeServer }> {
  const server = await startServer(script);
  const provider = await openTestProvider('openai-compatible', server.url);
  return { reply: await provider.ask(testRequest, patient), server };
}

const formOf = (json: JsonObject): string => asText(asObject(json['response_format'])?.['type']) ?? 'text';
const promptOf = (json: JsonObject): string =>
  asText(asObject((asArray(json['messages']) ?? []).at(-1))?.['content']) ?? '';

describe('a server that cannot do what OpenAI can', () => {
  test('is asked with a schema, then for JSON, then for text with the schema in it, and remembered', async () => {
    const server = await startServer(({ json }) =>
      formOf(json) === 'text' ? completion(`Sure!\n\`\`\`json\n${canaried}\n\`\`\``) : refusal(400, 'response_format?'),
    );
    const provider = await openTestProvider('openai-compatible', server.url);
    expect(await provider.ask(testRequest, patient)).toMatchObject({ status: 'answer', text: '{"score":4}' });
    await provider.ask(testRequest, patient);
    expect(server.log.map(({ json }) => formOf(json))).toEqual(['json_schema', 'json_object', 'text', 'text']);
    expect(promptOf(server.log[3]?.json ?? {})).toContain('"score":{"type":"integer"}');
  });

  test('that refuses max_tokens gets max_completion_tokens', async () => {
    const { reply, server } = await asked(({ json }) =>
      'max_tokens' in json ? refusal(400, 'Use max_completion_tokens instead of max_tokens.') : completion(canaried),
    );
    expect(reply).toMatchObject({ status: 'answer' });
    expect(server.log.map(({ json }) => json['max_completion_tokens'])).toEqual([undefined, 1000]);
  });

  test('that refuses both ways of naming the limit is not asked forever', async () => {
    const { reply, server } = await asked(({ json }) =>
      'max_tokens' in json ? refusal(400, 'max_completion_tokens, please') : refusal(400, 'max_tokens, please'),
    );
    expect(reply).toMatchObject({ kind: 'permanent' });
    expect(server.log).toHaveLength(6);
  });

  test('that only streams is read as a stream', async () => {
    const chunk = (delta: JsonObject, finish: string | null = null): string =>
      `data: ${JSON.stringify({ id: 'c1', model: 'local-7b', choices: [{ delta, finish_reason: finish }] })}\n\n`;
    const stream = [
      ': keep-alive\n\n',
      chunk({ role: 'assistant' }),
      chunk({ content: canaried.slice(0, 5) }),
      chunk({ content: canaried.slice(5) }),
      chunk({}, 'stop'),
      `data: ${JSON.stringify({ id: 'c1', choices: [], usage: { prompt_tokens: 50, completion_tokens: 7 } })}\n\n`,
      'data: [DONE]\n\n',
    ].join('');
    const { reply, server } = await asked(({ json }) =>
      json['stream'] === true
        ? { headers: { 'content-type': 'text/event-stream' }, body: stream }
        : refusal(400, 'only stream=true is supported'),
    );
    expect(reply).toMatchObject({
      text: '{"score":4}',
      model: 'local-7b',
      usage: { inputTokens: 50, outputTokens: 7 },
    });
    expect(server.log).toHaveLength(2);
  });
});

describe('an answer', () => {
  test('without usage is counted from the texts, and says so', async () => {
    const { reply } = await asked(() => completion(canaried, { usage: null }));
    // 10 + 23 characters of the prompt and 35 of the answer, four to a token.
    expect(reply).toMatchObject({
      usage: { inputTokens: 9, outputTokens: 9, cacheReadTokens: 0, cacheWriteTokens: 0, estimated: true },
    });
  });

  test.each([
    ['<think>Score 5? {"score":5} no.</think>\n', ''],
    ['Score 5? {"score":5} no.\n</think>\n', ''],
    ['<thinking>hm</thinking><think>hm</think>', '\n'],
  ])('with thinking (%j) in it is the answer alone', async (before, after) => {
    const { reply } = await asked(() => completion(`${before}${canaried}${after}`));
    expect(reply).toMatchObject({ text: '{"score":4}' });
  });

  test('whose content comes in parts is joined', async () => {
    const content = [
      { type: 'text', text: canaried.slice(0, 9) },
      { type: 'text', text: canaried.slice(9) },
    ];
    const body = JSON.stringify({ choices: [{ finish_reason: 'stop', message: { content } }] });
    const { reply } = await asked(() => ({ body }));
    expect(reply).toMatchObject({ text: '{"score":4}', model: null });
  });

  test.each([
    [{ error: { message: 'rate limited', code: 429 } }, 'limit'],
    [{ error: { message: 'This model has a maximum context length of 8192', code: 400 } }, 'too_long'],
    [{ error: 'model is loading' }, 'transient'],
    [{ object: 'error', message: 'no', code: 401 }, 'config'],
    [{ type: 'error', error: { type: 'overloaded_error', message: 'later' } }, 'transient'],
    [{ choices: [] }, 'transient'],
  ])('with status 200 and the body %j is %s', async (body, kind) => {
    const { reply } = await asked(() => ({ body: JSON.stringify(body) }));
    expect(reply).toMatchObject({ status: 'failure', kind });
  });

  test('whose first word takes long is waited for: a model on a small machine reads the whole prompt first', async () => {
    const { reply } = await asked(() => ({ ...completion(canaried), delayMs: 400 }));
    expect(reply.status).toBe('answer');
    expect(usualLimits.firstByteMs).toBeGreaterThanOrEqual(300_000);
  });

  test('tells which model gave it', async () => {
    const { reply } = await asked(() => completion(canaried, { model: 'another-model-2026-11' }));
    expect(reply).toMatchObject({ model: 'another-model-2026-11' });
  });
});

describe('the canary', () => {
  test('stands half before and half after the transcript', async () => {
    const { server } = await asked(() => completion(canaried));
    expect(promptOf(server.log[0]?.json ?? {})).toBe(
      'The first half of the canary is abcdef.\n\nThis is the transcript.\n\n' +
        'The second half of the canary is 123456. Set "canary" to both halves, joined without a space.',
    );
  });

  test.each([
    ['its end', { score: 4, canary: '123456' }],
    ['its beginning', { score: 4, canary: 'abcdef' }],
    ['all of it', { score: 4 }],
  ])('tells when a server saw only a part of the prompt (%s)', async (_what, answer) => {
    const { reply } = await asked(() => completion(JSON.stringify(answer)));
    expect(reply).toMatchObject({ status: 'failure', kind: 'too_long' });
  });

  test('says nothing about an answer that is no JSON: that one is repaired', async () => {
    const { reply } = await asked(() => completion('I would say four.'));
    expect(reply).toMatchObject({ status: 'answer', text: 'I would say four.' });
  });

  test('is not asked of OpenAI itself', async () => {
    const server = await startServer(() => completion('{"score":4}'));
    await (await openTestProvider('openai', server.url)).ask(testRequest, patient);
    expect(server.log[0]?.text).not.toContain('canary');
  });
});

test('a server without a key gets none', async () => {
  const { openOpenAI } = await import('../../../src/judge/providers/openai.ts');
  const { usualLimits } = await import('../../../src/judge/providers/wire.ts');
  const server = await startServer(() => completion(canaried));
  const baseUrl = new URL(`${server.url}/v1`);
  const options = { name: 'openai-compatible', baseUrl, key: null, keyVariable: 'SESH_JUDGE_KEY' } as const;
  const provider = await openOpenAI({ ...options, limits: usualLimits });
  expect(await provider.ask(testRequest, patient)).toMatchObject({ status: 'answer' });
  expect(server.log[0]?.headers).not.toHaveProperty('authorization');
});
