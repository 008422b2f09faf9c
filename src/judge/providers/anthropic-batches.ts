import type Anthropic from '@anthropic-ai/sdk';
import { asObject, asText, type Json, type JsonObject } from '../../core/json.ts';
import { brokenAnswer, failureOf, parsed, type Service } from './failures.ts';
import { ownSignal } from './wire.ts';
import type { AskRequest, Batches, BatchResult, Handled, Reply } from './provider.ts';

interface Messages {
  readonly bodyOf: (request: AskRequest) => Anthropic.MessageCreateParamsNonStreaming;
  readonly answerOf: (body: Json, text: string, service: Service, requestId: string | null) => Reply;
  readonly service: (model: string) => Service;
}

/** Message batches: they keep no label, so a batch whose id was lost is known by what it answers. */
export function anthropicBatches(client: Anthropic, { bodyOf, answerOf, service }: Messages): Batches {
  const { batches } = client.messages;
  const handled = async <Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Handled<Value>> => {
    try {
      return { status: 'done', value: await work() };
    } catch (error) {
      return failureOf(error, service('(batch)'), signal);
    }
  };
  return {
    submit: async (requests, _label, signal) =>
      await handled(signal, async () => {
        const listed = requests.map(({ customId, request }) => ({ custom_id: customId, params: bodyOf(request) }));
        return (await batches.create({ requests: listed }, { signal: ownSignal(signal) })).id;
      }),
    isEnded: async (id, signal) =>
      await handled(
        signal,
        async () => (await batches.retrieve(id, {}, { signal: ownSignal(signal) })).processing_status === 'ended',
      ),
    list: async (sinceMs, signal) =>
      await handled(signal, async () => {
        const found = [];
        for await (const { id, created_at, processing_status } of batches.list(
          { limit: 100 },
          { signal: ownSignal(signal) },
        )) {
          const createdMs = Date.parse(created_at);
          if (createdMs < sinceMs) break;
          found.push({ id, label: null, createdMs, isEnded: processing_status === 'ended' });
        }
        return found;
      }),
    results: async (id, signal) =>
      await handled(signal, async () => {
        const results: BatchResult[] = [];
        for await (const line of await batches.results(id, {}, { signal: ownSignal(signal) })) {
          const json: Json = parsed(JSON.stringify(line));
          const result = asObject(asObject(json)?.['result']);
          results.push({ customId: line.custom_id, outcome: outcomeOf(result) });
        }
        return results;
      }),
  };

  function outcomeOf(result: JsonObject | null): BatchResult['outcome'] {
    const message = result?.['message'] ?? null;
    if (result?.['type'] === 'succeeded') {
      return answerOf(message, '', service('(batch)'), asText(asObject(message)?.['id']));
    }
    if (result?.['type'] === 'errored') return brokenAnswer(result['error'] ?? null, '', service('(batch)'));
    return { status: 'expired' };
  }
}
