import { chatAnswer } from './chat-answer.ts';
import { chatBody, nextDialect, type ChatBody, type Dialect } from './chat-body.ts';
import { failureOf, type Service } from './failures.ts';
import { openaiBatches } from './openai-batches.ts';
import type { AskRequest, Failure, Provider, Reply } from './provider.ts';
import { ownSignal, wireFetch, type WireLimits } from './wire.ts';

export interface OpenAIOptions {
  readonly name: 'openai' | 'openai-compatible';
  readonly baseUrl: URL;
  /** Null for a server that wants none. */
  readonly key: string | null;
  readonly keyVariable: string;
  readonly limits: WireLimits;
}

const LONGEST_CALL_MS = 600_000;
/** As many as there are things to leave out; a server that refuses both of two ways is not asked forever. */
const MOST_REFUSALS = 5;

const dialects: Readonly<Record<OpenAIOptions['name'], Dialect>> = {
  openai: { form: 'json_schema', tokens: 'max_completion_tokens', stream: false, effort: true, canary: false },
  'openai-compatible': { form: 'json_schema', tokens: 'max_tokens', stream: false, effort: true, canary: true },
};

/** OpenAI, and servers that speak as OpenAI does, through OpenAI's own client. */
export async function openOpenAI(options: OpenAIOptions): Promise<Provider> {
  const { default: Client } = await import('openai');
  const { name, baseUrl, key, keyVariable, limits } = options;
  const authorization: Readonly<Record<string, string>> = key === null ? {} : { authorization: `Bearer ${key}` };
  const client = new Client({
    baseURL: baseUrl.href.replace(/\/$/, ''),
    apiKey: 'added-by-sesh',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: LONGEST_CALL_MS,
    logLevel: 'off',
    fetch: wireFetch({ baseUrl, authorization, limits }),
  });
  const service = (model: string): Service => ({ host: baseUrl.host, model, keyVariable, key });
  let dialect = dialects[name];
  const send = async (request: AskRequest, signal: AbortSignal): Promise<Reply> => {
    try {
      const response = await client.chat.completions.create(...callOf(request, dialect, signal)).asResponse();
      const requestId = response.headers.get('x-request-id');
      const asked = { request, canary: dialect.canary, service: service(request.model), requestId };
      return chatAnswer(await response.text(), asked);
    } catch (error) {
      return failureOf(error, service(request.model), signal);
    }
  };
  const ask = async (request: AskRequest, signal: AbortSignal): Promise<Reply> => {
    for (let refusals = 0; ; refusals += 1) {
      const reply = await send(request, signal);
      const next = isRefusal(reply) && refusals < MOST_REFUSALS ? nextDialect(dialect, reply.message) : null;
      if (next === null) return reply;
      dialect = next;
    }
  };
  const bodyOf = (request: AskRequest): ChatBody => chatBody(request, dialect);
  return {
    name,
    host: baseUrl.host,
    ask,
    batches: name === 'openai' ? openaiBatches(client, { bodyOf, service }) : null,
  };
}

/** A stream is read to its end and parsed as a whole, so the client is only told what to ask for. */
function callOf(
  request: AskRequest,
  dialect: Dialect,
  signal: AbortSignal,
): [ChatBody, { readonly signal: AbortSignal }] {
  const body = chatBody(request, dialect);
  return [dialect.stream ? streamed(body) : body, { signal: ownSignal(signal) }];
}

function streamed(body: ChatBody): ChatBody {
  return Object.assign({ ...body }, { stream: true, stream_options: { include_usage: true } });
}

function isRefusal(reply: Reply): reply is Failure {
  return reply.status === 'failure' && (reply.httpStatus === 400 || reply.httpStatus === 422);
}
