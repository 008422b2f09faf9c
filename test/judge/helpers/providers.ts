import type { JsonObject } from '../../../src/core/json.ts';
import { openAnthropic } from '../../../src/judge/providers/anthropic.ts';
import { openOpenAI } from '../../../src/judge/providers/openai.ts';
import type { AskRequest, Provider, ProviderName } from '../../../src/judge/providers/provider.ts';
import { usualLimits, type WireLimits } from '../../../src/judge/providers/wire.ts';

export const testKey = 'sk-test-4f9c1b7e2d8a';

const testSchema: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['score'],
  properties: { score: { type: 'integer', minimum: 1, maximum: 5 } },
};

export const testRequest: AskRequest = {
  model: 'judge-model',
  system: 'You judge.',
  user: 'This is the transcript.',
  schema: testSchema,
  maxTokens: 1000,
  effort: null,
  repair: null,
  canary: 'abcdef123456',
};

/** The real client libraries, pointed at a server of the test. */
export async function openTestProvider(
  name: ProviderName,
  url: string,
  limits: Partial<WireLimits> = {},
): Promise<Provider> {
  const shared = { key: testKey, limits: { ...usualLimits, ...limits } };
  if (name === 'anthropic') {
    return await openAnthropic({ ...shared, baseUrl: new URL(url), keyVariable: 'ANTHROPIC_API_KEY' });
  }
  const keyVariable = name === 'openai' ? 'OPENAI_API_KEY' : 'SESH_JUDGE_KEY';
  return await openOpenAI({ ...shared, name, baseUrl: new URL(`${url}/v1`), keyVariable });
}

export const patient: AbortSignal = new AbortController().signal;
