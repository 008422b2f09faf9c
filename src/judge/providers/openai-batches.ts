import type OpenAI from 'openai';
import { asNumber, asObject, asText, isObject } from '../../core/json.ts';
import type { ChatBody } from './chat-body.ts';
import { completionAnswer } from './chat-answer.ts';
import { brokenAnswer, failureOf, parsed, type Service } from './failures.ts';
import { ownSignal } from './wire.ts';
import type { AskRequest, Batches, BatchResult, Handled } from './provider.ts';

interface Chats {
  readonly bodyOf: (request: AskRequest) => ChatBody;
  readonly service: (model: string) => Service;
}

const ENDPOINT = '/v1/chat/completions';
const ended: ReadonlySet<string> = new Set(['completed', 'failed', 'expired', 'cancelled']);

/** Batches are files of requests; the label lies in their metadata. */
export function openaiBatches(client: OpenAI, { bodyOf, service }: Chats): Batches {
  const handled = async <Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Handled<Value>> => {
    try {
      return { status: 'done', value: await work() };
    } catch (error) {
      return failureOf(error, service('(batch)'), signal);
    }
  };
  return {
    submit: async (requests, label, signal) =>
      await handled(signal, async () => {
        const lines = requests.map(({ customId, request }) =>
          JSON.stringify({ custom_id: customId, method: 'POST', url: ENDPOINT, body: bodyOf(request) }),
        );
        const file = new File([`${lines.join('\n')}\n`], 'sesh.jsonl', { type: 'application/jsonl' });
        const { id: input_file_id } = await client.files.create(
          { file, purpose: 'batch' },
          { signal: ownSignal(signal) },
        );
        const body = {
          input_file_id,
          endpoint: ENDPOINT,
          completion_window: '24h',
          metadata: { sesh: label },
        } as const;
        return (await client.batches.create(body, { signal: ownSignal(signal) })).id;
      }),
    isEnded: async (id, signal) =>
      await handled(signal, async () =>
        ended.has((await client.batches.retrieve(id, { signal: ownSignal(signal) })).status),
      ),
    list: async (sinceMs, signal) =>
      await handled(signal, async () => {
        const found = [];
        for await (const { id, created_at, status, metadata } of client.batches.list(
          { limit: 100 },
          { signal: ownSignal(signal) },
        )) {
          const createdMs = created_at * 1000;
          // The service keeps whole seconds.
          if (createdMs + 1000 < sinceMs) break;
          found.push({ id, label: metadata?.['sesh'] ?? '', createdMs, isEnded: ended.has(status) });
        }
        return found;
      }),
    results: async (id, signal) =>
      await handled(signal, async () => {
        const { output_file_id, error_file_id } = await client.batches.retrieve(id, { signal: ownSignal(signal) });
        const results: BatchResult[] = [];
        for (const file of [output_file_id, error_file_id]) {
          if (file === undefined || file === null) continue;
          const text = await (await client.files.content(file, { signal: ownSignal(signal) })).text();
          results.push(...text.split('\n').flatMap(resultOf));
        }
        return results;
      }),
  };

  function resultOf(line: string): readonly BatchResult[] {
    const json = asObject(parsed(line));
    const customId = asText(json?.['custom_id']);
    if (json === null || customId === null) return [];
    const asked = { request: null, canary: false, service: service('(batch)'), requestId: asText(json['id']) };
    const response = asObject(json['response']);
    const body = response?.['body'] ?? null;
    const code = asText(asObject(json['error'])?.['code']);
    if (code === 'batch_expired' || code === 'batch_cancelled') return [{ customId, outcome: { status: 'expired' } }];
    const status = asNumber(response?.['status_code']) ?? 500;
    if (status >= 200 && status < 300) return [{ customId, outcome: completionAnswer(body, '', asked) }];
    const error = asObject(asObject(body)?.['error']) ?? asObject(json['error']) ?? {};
    const shown = { error: { ...error, code: status } };
    return isObject(shown) ? [{ customId, outcome: brokenAnswer(shown, '', asked.service) }] : [];
  }
}
