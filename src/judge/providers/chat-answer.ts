import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../../core/json.ts';
import { brokenAnswer, failure, parsed, type Service } from './failures.ts';
import type { Answer, AskRequest, Reply, Usage } from './provider.ts';
import { withoutCanary } from './schema.ts';

interface Asked {
  /** Null for a batch, of which only the answers are at hand. */
  readonly request: AskRequest | null;
  readonly canary: boolean;
  readonly service: Service;
  readonly requestId: string | null;
}

/** What a chat completion says, whole or as a stream of events. */
export function chatAnswer(text: string, asked: Asked): Reply {
  const body = /^\s*(?:data|event|:)/.test(text) ? joined(text) : parsed(text);
  return completionAnswer(body, text, asked);
}

export function completionAnswer(body: Json, text: string, asked: Asked): Reply {
  const completion = asObject(body);
  const choice = asObject(asArray(completion?.['choices'])?.[0]);
  if (completion === null || choice === null) return brokenAnswer(body, text, asked.service);
  const message = asObject(choice['message']);
  const said = withoutThinking(contentText(message?.['content']));
  const refused = asText(message?.['refusal']) !== null || choice['finish_reason'] === 'content_filter';
  const stop = choice['finish_reason'] === 'length' ? 'truncated' : 'end';
  const { text: answer, given } = asked.canary ? withoutCanary(said) : { text: said, given: null };
  if (isCut(asked, stop, answer, given)) {
    return failure('too_long', 200, { message: `${asked.service.host} cut the prompt off without saying so.` });
  }
  return {
    status: 'answer',
    text: answer,
    stop: refused ? 'refused' : stop,
    usage: usageOf(asObject(completion['usage']), asked.request, said),
    model: asText(completion['model']),
    requestId: asked.requestId ?? asText(completion['id']),
  } satisfies Answer;
}

/** An answer in the right form with a wrong canary, or none, was given to another prompt than ours. */
function isCut({ request, canary }: Asked, stop: Answer['stop'], answer: string, given: string | null): boolean {
  if (!canary || request === null || stop === 'truncated') return false;
  return given === null ? asObject(parsed(answer)) !== null : given !== request.canary;
}

/** Some servers send the content in parts. */
function contentText(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  return (asArray(content) ?? []).map((part) => asText(asObject(part)?.['text']) ?? '').join('');
}

function withoutThinking(text: string): string {
  const closed = text.replaceAll(/<(think|thinking|reasoning)>[\s\S]*?<\/\1>/g, '');
  // Where the opening mark is part of the server's template, only the closing one is in the answer.
  const open = /<\/(?:think|thinking|reasoning)>/g;
  let from = 0;
  for (const { index, 0: mark } of closed.matchAll(open)) from = index + mark.length;
  return closed.slice(from).trim();
}

const CHARACTERS_PER_TOKEN = 4;

function usageOf(usage: JsonObject | null, request: AskRequest | null, said: string): Usage {
  const input = asNumber(usage?.['prompt_tokens']);
  const output = asNumber(usage?.['completion_tokens']);
  const cached = asNumber(asObject(usage?.['prompt_tokens_details'])?.['cached_tokens']) ?? 0;
  const sent = request === null ? 0 : request.system.length + request.user.length;
  return {
    inputTokens: Math.max(0, (input ?? Math.ceil(sent / CHARACTERS_PER_TOKEN)) - cached),
    outputTokens: output ?? Math.ceil(said.length / CHARACTERS_PER_TOKEN),
    cacheReadTokens: cached,
    cacheWriteTokens: 0,
    estimated: input === null || output === null,
  };
}

/** The completion that a stream of `data:` lines adds up to. */
function joined(text: string): Json {
  let content = '';
  let refusal = '';
  let seen = false;
  const last: Record<string, Json> = {};
  for (const line of text.split(/\r?\n/)) {
    const chunk = asObject(parsed(/^data:\s*(\{.*\})\s*$/.exec(line)?.[1] ?? ''));
    if (chunk === null) continue;
    if (chunk['error'] !== undefined) return chunk;
    for (const name of ['id', 'model', 'usage']) {
      const value = chunk[name];
      if (value !== undefined && value !== null) last[name] = value;
    }
    const choice = asObject(asArray(chunk['choices'])?.[0]);
    const delta = asObject(choice?.['delta']);
    seen ||= choice !== null;
    content += asText(delta?.['content']) ?? '';
    refusal += asText(delta?.['refusal']) ?? '';
    const reason = asText(choice?.['finish_reason']);
    if (reason !== null) last['finish_reason'] = reason;
  }
  if (!seen) return null;
  const { finish_reason = null, ...rest } = last;
  return { ...rest, choices: [{ finish_reason, message: { content, refusal: refusal === '' ? null : refusal } }] };
}
