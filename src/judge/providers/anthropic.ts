import type Anthropic from '@anthropic-ai/sdk';
import { asArray, asNumber, asObject, asText, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { brokenAnswer, failureOf, parsed, type Service } from './failures.ts';
import { anthropicBatches } from './anthropic-batches.ts';
import type { Answer, AskRequest, Provider, Reply, Usage } from './provider.ts';
import { plainSchema } from './schema.ts';
import { ownSignal, wireFetch, type WireLimits } from './wire.ts';

export interface AnthropicOptions {
  readonly baseUrl: URL;
  readonly key: string;
  readonly keyVariable: string;
  readonly limits: WireLimits;
}

type Body = Anthropic.MessageCreateParamsNonStreaming;

/** How the form of the answer is asked for; models that know no schema get a tool that they must call. */
type Dialect = 'schema' | 'tool';

const TOOL = 'verdict';
const LONGEST_CALL_MS = 600_000;

/** Claude, through Anthropic's own client. */
export async function openAnthropic(options: AnthropicOptions): Promise<Provider> {
  const { default: Client } = await import('@anthropic-ai/sdk');
  const { baseUrl, key, keyVariable, limits } = options;
  const client = new Client({
    baseURL: baseUrl.href.replace(/\/$/, ''),
    apiKey: 'added-by-sesh',
    maxRetries: 0,
    timeout: LONGEST_CALL_MS,
    logLevel: 'off',
    fetch: wireFetch({ baseUrl, authorization: { 'x-api-key': key }, limits }),
  });
  const service = (model: string): Service => ({ host: baseUrl.host, model, keyVariable, key });
  let dialect: Dialect = 'schema';
  const ask = async (request: AskRequest, signal: AbortSignal): Promise<Reply> => {
    try {
      const own = { signal: ownSignal(signal) };
      const response = await client.messages.create(messageBody(request, dialect), own).asResponse();
      const text = await response.text();
      return messageAnswer(parsed(text), text, service(request.model), response.headers.get('request-id'));
    } catch (error) {
      const failed = failureOf(error, service(request.model), signal);
      if (dialect === 'tool' || failed.httpStatus !== 400 || !schemaRefused.test(failed.message)) return failed;
      dialect = 'tool';
      return await ask(request, signal);
    }
  };
  const bodyOf = (request: AskRequest): Body => messageBody(request, dialect);
  return {
    name: 'anthropic',
    host: baseUrl.host,
    ask,
    batches: anthropicBatches(client, { bodyOf, answerOf: messageAnswer, service }),
  };
}

const schemaRefused = /output_config|output_format|structured output|json_schema|schema/i;

function messageBody(request: AskRequest, dialect: Dialect): Body {
  const { model, system, maxTokens, schema, effort } = request;
  const shape = plainSchema(schema);
  const thinking = isEffort(effort) ? { effort } : {};
  return {
    model,
    max_tokens: maxTokens,
    // The same for all sessions, so that it is paid in full once.
    system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
    messages: turns(request, dialect),
    ...(dialect === 'schema'
      ? { output_config: { ...thinking, format: { type: 'json_schema', schema: { ...shape } } } }
      : {
          tools: [
            { name: TOOL, description: 'Hands in the verdict.', input_schema: { ...shape, type: 'object' as const } },
          ],
          tool_choice: { type: 'tool', name: TOOL },
          ...(effort === null ? {} : { output_config: thinking }),
        }),
  };
}

type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

function isEffort(text: string | null): text is Effort {
  return text !== null && ['low', 'medium', 'high', 'xhigh', 'max'].includes(text);
}

function turns({ user, repair }: AskRequest, dialect: Dialect): Body['messages'] {
  const question = { role: 'user' as const, content: user.toWellFormed() };
  if (repair === null) return [question];
  const again =
    dialect === 'tool' ? `Hand in the whole verdict again with ${TOOL}.` : 'Answer with the whole JSON again.';
  return [
    question,
    {
      role: 'assistant',
      content: repair.answer.trim() === '' ? '(no answer)' : repair.answer.toWellFormed().trimEnd(),
    },
    { role: 'user', content: `${repair.problem}\n${again}` },
  ];
}

function messageAnswer(body: Json, text: string, service: Service, requestId: string | null): Reply {
  const message = asObject(body);
  const content = asArray(message?.['content']);
  if (message === null || content === null) return brokenAnswer(body, text, service);
  const answer: Answer = {
    status: 'answer',
    text: content.map((block) => blockText(asObject(block))).join(''),
    stop: stopOf(asText(message['stop_reason'])),
    usage: usageOf(asObject(message['usage'])),
    model: asText(message['model']),
    requestId,
  };
  return answer;
}

/** Thinking is no part of the answer. */
function blockText(block: JsonObject | null): string {
  if (block?.['type'] === 'text') return asText(block['text']) ?? '';
  const input = block?.['type'] === 'tool_use' ? block['input'] : null;
  return isObject(input ?? null) ? JSON.stringify(input) : '';
}

function stopOf(reason: string | null): Answer['stop'] {
  if (reason === 'max_tokens') return 'truncated';
  if (reason === 'model_context_window_exceeded') return 'overflow';
  return reason === 'refusal' ? 'refused' : 'end';
}

function usageOf(usage: JsonObject | null): Usage {
  return {
    inputTokens: asNumber(usage?.['input_tokens']) ?? 0,
    outputTokens: asNumber(usage?.['output_tokens']) ?? 0,
    cacheReadTokens: asNumber(usage?.['cache_read_input_tokens']) ?? 0,
    cacheWriteTokens: asNumber(usage?.['cache_creation_input_tokens']) ?? 0,
    estimated: false,
  };
}
