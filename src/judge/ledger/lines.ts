import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import { canonicalJson, sha256 } from '../prompt/canonical.ts';

/**
 * The lines of the ledger, in the order in which a question meets them. `intent`: it will be asked. `sent`: it is about to leave, and may be
 * paid from here on. `failed`: nothing was answered. `response`: what was paid for. `verdict`: what the checks made of it. `published`:
 * the table has it. A batch does for many what `sent` does for one.
 */
const count = z.number().int().nonnegative();
const micros = z.number().nonnegative().nullable();
const base = { at: z.iso.datetime(), key: z.string().regex(/^[0-9a-f]{64}$/) };
const session = { agent: z.string(), session_id: z.string() };
const batch = z.string().nullable();

const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  estimated: z.boolean(),
});

const cell = z.union([z.string(), z.number(), z.null()]);

const ledgerLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('intent'), ...base, ...session, sample_index: count }),
  z.object({ type: z.literal('sent'), ...base, attempt: count, reserved_usd_micros: micros }),
  z.object({
    type: z.literal('failed'),
    ...base,
    attempt: count,
    kind: z.string(),
    http_status: z.number().nullable(),
    message: z.string(),
    /** It will never be taken, so it is not asked again. */
    final: z.boolean(),
  }),
  z.object({
    type: z.literal('response'),
    ...base,
    attempt: count,
    host: z.string(),
    asked_model: z.string(),
    text: z.string(),
    text_sha256: z.string(),
    stop: z.enum(['end', 'truncated', 'refused', 'overflow']),
    model: z.string().nullable(),
    request_id: z.string().nullable(),
    usage,
    cost_usd_micros: micros,
    repair: z.boolean(),
    longer: z.boolean(),
    /** The alias answers as another model than before. */
    drift: z.boolean(),
    batch,
  }),
  z.object({ type: z.literal('verdict'), ...base, ...session, row: z.record(z.string(), cell) }),
  z.object({ type: z.literal('published'), ...base, ...session }),
  z.object({ type: z.literal('parked'), at: base.at, host: z.string(), model: z.string(), until: z.iso.datetime() }),
  z.object({
    type: z.literal('batch_intent'),
    at: base.at,
    label: z.string(),
    host: z.string(),
    model: z.string(),
    keys: z.array(base.key),
    reserved_usd_micros: micros,
  }),
  z.object({ type: z.literal('batch'), at: base.at, label: z.string(), id: z.string() }),
  z.object({ type: z.literal('batch_done'), at: base.at, label: z.string() }),
]);

export type LedgerLine = z.infer<typeof ledgerLine>;
export type LineOf<Type extends LedgerLine['type']> = Extract<LedgerLine, { readonly type: Type }>;

const CHECKSUM_LENGTH = 16;

export function encodeLine(line: LedgerLine): string {
  return JSON.stringify({ ...line, sum: checksum(line) });
}

/** Null for what is not a line of ours as it was written: cut off, or changed by somebody. */
export function parseLine(text: string): LedgerLine | null {
  try {
    const json: Json = JSON.parse(text);
    const line = ledgerLine.parse(json);
    const sum = z.object({ sum: z.string() }).parse(json).sum;
    return sum === checksum(line) ? line : null;
  } catch {
    return null;
  }
}

function checksum(line: LedgerLine): string {
  return sha256(canonicalJson(line)).slice(0, CHECKSUM_LENGTH);
}
