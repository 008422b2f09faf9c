import type { Ledger, NewLine } from '../ledger/ledger.ts';
import type { Price } from '../money.ts';
import { sha256 } from '../prompt/canonical.ts';
import type { Answer, Failure } from '../providers/provider.ts';
import type { Run } from './context.ts';

/** Which question an answer belongs to. */
interface Asked {
  readonly key: string;
  readonly model: string;
  readonly attempt: number;
  readonly repair: boolean;
  readonly longer: boolean;
  /** Label of the batch; null for an answer that somebody waited for. */
  readonly batch: string | null;
}

/** Keeps an answer, redacted, before anybody looks into it: a mistake of ours later costs no money. Returns its cost. */
export async function keepAnswer(
  { options, effects: { ledger, provider, price, redact } }: Run,
  { key, model, attempt, repair, longer, batch }: Asked,
  answer: Answer,
): Promise<number> {
  const text = await redact(answer.text);
  // A batch may be older than the choice of another model, whose price says nothing about it.
  const cost = model === options.model ? costOf(price, answer, batch !== null) : null;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, estimated } = answer.usage;
  await ledger.record({
    type: 'response',
    key,
    attempt,
    host: provider.host,
    asked_model: model,
    text,
    text_sha256: sha256(text),
    stop: answer.stop,
    model: answer.model,
    request_id: answer.requestId,
    usage: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      cache_read_tokens: cacheReadTokens,
      cache_write_tokens: cacheWriteTokens,
      estimated,
    },
    cost_usd_micros: cost,
    repair,
    longer,
    drift: hasDrifted(ledger, provider.host, model, answer.model),
    batch,
  });
  return cost ?? 0;
}

function costOf(price: Price | null, { usage }: Answer, isBatch: boolean): number | null {
  if (price === null) return null;
  return Math.ceil(price.costUsdMicros(usage) * (isBatch ? price.batchFactor : 1));
}

function hasDrifted(ledger: Ledger, host: string, asked: string, answered: string | null): boolean {
  const before = ledger.lastModel(host, asked);
  return before !== null && answered !== null && before !== answered;
}

/** Keeps a failure; one that no later run can change is final for its question. */
export function failedLine(key: string, attempt: number, failure: Failure): NewLine {
  const { kind, httpStatus, message } = failure;
  const final = kind === 'permanent' || kind === 'too_long';
  return { type: 'failed', key, attempt, kind, http_status: httpStatus, message, final };
}
