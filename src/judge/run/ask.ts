import { reservation, reservedTokens } from '../money.ts';
import type { Paced } from '../pace/pacer.ts';
import { failure } from '../providers/failures.ts';
import type { Failure, Reply } from '../providers/provider.ts';
import type { Prompted } from '../contract.ts';
import { inputTokensOf, requestOf, type Item, type Run } from './context.ts';
import type { Ask } from './decide.ts';
import { failedLine, keepAnswer } from './keep.ts';

/** `kept`: the ledger has one more answer. `failed`: it knows that there will be none. `later`: it knows of nothing new. */
export type Asked =
  | { readonly status: 'kept' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'later'; readonly failure: Failure | null };

/** Asks once more for an item, within budget, rhythm and ledger. */
export async function askFor(run: Run, item: Item<Prompted>, ask: Ask): Promise<Asked> {
  const { budget, ledger, pacer, price } = run.effects;
  const tokens = inputTokensOf(item, ask);
  const reserved = price === null ? 0 : reservation(price, tokens, ask.maxTokens);
  const cap = budget.reserve(reserved, ledger.question(item.key).sends === 0);
  if (cap !== null) {
    pacer.end({ why: 'cap', cap });
    return { status: 'later', failure: null };
  }
  let isReserved = true;
  try {
    const paced = await pacer.ask(reservedTokens(tokens, ask.maxTokens), async () => {
      // The try before may be paid for, so that this one needs money of its own.
      const missing = isReserved ? null : budget.reserve(reserved, false);
      if (missing !== null) {
        pacer.end({ why: 'cap', cap: missing });
        return failure('cancelled', null, { message: 'No more may be spent.' });
      }
      isReserved = true;
      const { reply, paid } = await send(run, item, ask, reserved);
      if (paid > 0) {
        budget.settle(reserved, paid);
        isReserved = false;
      }
      return reply;
    });
    return askedOf(paced);
  } finally {
    if (isReserved) budget.settle(reserved, 0);
  }
}

function askedOf(paced: Paced): Asked {
  switch (paced.status) {
    case 'answer':
      return { status: 'kept' };
    case 'later':
      return { status: 'later', failure: paced.failure };
    default: {
      const { kind } = paced.failure;
      const isFinal = kind === 'permanent' || kind === 'too_long';
      return { status: isFinal ? 'failed' : 'later', failure: paced.failure };
    }
  }
}

interface Sent {
  readonly reply: Reply;
  /** Millionths of a dollar. */
  readonly paid: number;
}

/** One request: what is about to leave is on disk before it leaves, and what came back before anything else happens. */
async function send(run: Run, item: Item<Prompted>, ask: Ask, reserved: number): Promise<Sent> {
  const { ledger, budget, pacer, provider } = run.effects;
  const { key, parts, prepared } = item;
  if (!budget.call()) {
    pacer.end({ why: 'cap', cap: '--max-calls' });
    return { reply: failure('cancelled', null, { message: 'No more calls are allowed.' }), paid: 0 };
  }
  const { sends } = ledger.question(key);
  if (sends === 0) {
    const { agent, sessionId: session_id } = prepared;
    await ledger.record({ type: 'intent', key, agent, session_id, sample_index: parts.sampleIndex });
  }
  const attempt = sends + 1;
  await ledger.record({ type: 'sent', key, attempt, reserved_usd_micros: reserved });
  const reply = await provider.ask(requestOf(item, ask), neverGivenUp);
  if (reply.status === 'answer') {
    const asked = { key, model: parts.model, attempt, repair: ask.repair !== null, longer: ask.longer, batch: null };
    return { reply, paid: await keepAnswer(run, asked, reply) };
  }
  await ledger.record(failedLine(key, attempt, reply));
  // Without any answer nobody knows whether it was paid, so it counts as if it was.
  return { reply, paid: reply.httpStatus === null ? reserved : 0 };
}

/** What is under way is paid for, so a run that is stopped waits for it. */
const neverGivenUp = new AbortController().signal;
