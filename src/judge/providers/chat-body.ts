import type OpenAI from 'openai';
import type { AskRequest } from './provider.ts';
import { plainSchema, withCanary } from './schema.ts';

/** How a server likes to be asked; what it refuses is left out in later requests. */
export interface Dialect {
  readonly form: 'json_schema' | 'json_object' | 'text';
  readonly tokens: 'max_tokens' | 'max_completion_tokens';
  readonly stream: boolean;
  readonly effort: boolean;
  /** Whether the server may cut the prompt without saying so, and must prove that it did not. */
  readonly canary: boolean;
}

export type ChatBody = OpenAI.ChatCompletionCreateParamsNonStreaming;

export function chatBody(request: AskRequest, dialect: Dialect): ChatBody {
  const { model, system, maxTokens, effort } = request;
  return {
    model,
    messages: [{ role: 'system', content: system }, ...turns(request, dialect)],
    ...(dialect.tokens === 'max_tokens' ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
    ...formOf(request, dialect),
    ...(dialect.effort && isEffort(effort) ? { reasoning_effort: effort } : {}),
  };
}

type Effort = 'minimal' | 'low' | 'medium' | 'high';

function isEffort(text: string | null): text is Effort {
  return text !== null && ['minimal', 'low', 'medium', 'high'].includes(text);
}

function formOf(request: AskRequest, dialect: Dialect): Pick<ChatBody, 'response_format'> {
  if (dialect.form === 'text') return {};
  if (dialect.form === 'json_object') return { response_format: { type: 'json_object' } };
  const schema = { ...shapeOf(request, dialect) };
  return { response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true, schema } } };
}

function shapeOf({ schema }: AskRequest, { canary }: Dialect): ReturnType<typeof plainSchema> {
  return plainSchema(canary ? withCanary(schema) : schema);
}

function turns(request: AskRequest, dialect: Dialect): ChatBody['messages'] {
  const { user, repair, canary } = request;
  // One half at each end: whichever end a server cuts off, a half is missing.
  const [first, second] = [canary.slice(0, canary.length / 2), canary.slice(canary.length / 2)];
  const before = dialect.canary ? `The first half of the canary is ${first}.\n\n` : '';
  const after = dialect.canary
    ? `\n\nThe second half of the canary is ${second}. Set "canary" to both halves, joined without a space.`
    : '';
  const schema =
    dialect.form === 'json_schema'
      ? ''
      : `\n\nAnswer with one JSON object and nothing else. Its JSON schema: ${JSON.stringify(shapeOf(request, dialect))}`;
  const question = { role: 'user' as const, content: `${before}${user.toWellFormed()}${schema}${after}` };
  if (repair === null) return [question];
  return [
    question,
    { role: 'assistant', content: repair.answer.toWellFormed() },
    { role: 'user', content: `${repair.problem}\nAnswer with the whole JSON again.` },
  ];
}

/** How to ask after a refusal (status 400 or 422); null when nothing is left to try. */
export function nextDialect(dialect: Dialect, message: string): Dialect | null {
  if (/stream/i.test(message) && !dialect.stream) return { ...dialect, stream: true };
  if (/max_completion_tokens/.test(message) && dialect.tokens === 'max_tokens') {
    return { ...dialect, tokens: 'max_completion_tokens' };
  }
  if (/max_tokens|max_completion_tokens/.test(message) && dialect.tokens === 'max_completion_tokens') {
    return { ...dialect, tokens: 'max_tokens' };
  }
  if (/reasoning_effort/.test(message) && dialect.effort) return { ...dialect, effort: false };
  if (!/response_format|json_schema|json_object|schema|grammar|structured/i.test(message)) return null;
  if (dialect.form === 'json_schema') return { ...dialect, form: 'json_object' };
  return dialect.form === 'json_object' ? { ...dialect, form: 'text' } : null;
}
