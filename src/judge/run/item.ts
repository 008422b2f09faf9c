import type { PartQuestion, PreparedSession, Prompted } from '../contract.ts';
import type { Failure } from '../providers/provider.ts';
import { verdictRow, type VerdictRow } from '../publish.ts';
import { askFor } from './ask.ts';
import { SECOND_SAMPLE } from '../key.ts';
import { itemOf, secondRun, type Item, type Run } from './context.ts';
import { decide, outcomeOf, type Checkable, type Decision, type Outcome } from './decide.ts';

/** `waiting`: in a batch. `later`: the run ended before it. `set_aside`: two runs died while it was under way, so it may be paid for twice. */
type Unfinished =
  { readonly status: 'waiting' | 'set_aside' } | { readonly status: 'later'; readonly failure: Failure | null };

/** `judged`: by this run; `known`: by an earlier one, nothing was asked. */
export type ItemResult = { readonly status: 'judged' | 'known'; readonly row: VerdictRow | null } | Unfinished;

/** How far a question came. */
type Ended<Checked> =
  Exclude<Decision<Checked>, { readonly next: 'ask' }> | { readonly next: 'unfinished'; readonly result: Unfinished };

/** Brings one question as far as it goes in this run. */
export type Asker = <Checked extends Checkable>(
  item: Item<Prompted>,
  check: (answer: string) => Promise<Checked>,
) => Promise<Ended<Checked>>;

/** A question that two runs left without an answer is not asked a third time. */
const MOST_UNHEARD = 2;

/** Judges one sample of one session, from wherever an earlier run left it. */
export async function judgeSample(run: Run, prepared: PreparedSession, sampleIndex: number): Promise<ItemResult> {
  return await settle(run, prepared, sampleIndex, async (item, check) => await askUntilDone(run, item, check));
}

async function askUntilDone<Checked extends Checkable>(
  run: Run,
  item: Item<Prompted>,
  check: (answer: string) => Promise<Checked>,
): Promise<Ended<Checked>> {
  for (;;) {
    const question = run.effects.ledger.question(item.key);
    if (question.batch !== null) return unfinished({ status: 'waiting' });
    const decision = await decide(check, question, run.options.maxTokens);
    if (decision.next !== 'ask') return decision;
    if (question.unheard >= MOST_UNHEARD) return unfinished({ status: 'set_aside' });
    const asked = await askFor(run, item, decision);
    if (asked.status === 'later') return unfinished({ status: 'later', failure: asked.failure });
  }
}

export function unfinished(result: Unfinished): { readonly next: 'unfinished'; readonly result: Unfinished } {
  return { next: 'unfinished', result };
}

/** Takes a session from its parts to its verdict; where it is too long for the service, with less of it. */
export async function settle(
  run: Run,
  prepared: PreparedSession,
  sampleIndex: number,
  ask: Asker,
): Promise<ItemResult> {
  const item = itemOf(run, prepared, sampleIndex);
  const known = knownVerdict(run, item);
  if (known !== null) return known;
  const parts = (prepared.parts?.questions ?? []).map((part) => itemOf(run, part, sampleIndex));
  const read = await readParts(prepared, parts, ask);
  const ended = read.next === 'read' ? await ask({ ...item, prepared: read.whole }, read.whole.check) : read;
  const keep = async (outcome: Outcome): Promise<ItemResult> => {
    const flags = read.next === 'read' ? read.whole.flags : prepared.flags;
    return await keepVerdict(run, { ...item, prepared: { ...prepared, flags } }, parts, outcome);
  };
  if (ended.next === 'unfinished') return ended.result;
  if (ended.next === 'done') return await keep(outcomeOf(ended.checked, ended.why));
  const shorter = await prepared.shorter();
  if (shorter !== null) return await settle(run, shorter, sampleIndex, ask);
  return await keep({ verdict: null, unscored: 'error_too_long' });
}

type Read =
  | { readonly next: 'read'; readonly whole: PreparedSession }
  | { readonly next: 'shorter' }
  | { readonly next: 'unfinished'; readonly result: Unfinished };

async function readParts(prepared: PreparedSession, parts: readonly Item<PartQuestion>[], ask: Asker): Promise<Read> {
  if (prepared.parts === null) return { next: 'read', whole: prepared };
  const passages = [];
  let waiting: Read | null = null;
  for (const part of parts) {
    const ended = await ask(part, part.prepared.check);
    if (ended.next === 'done') passages.push(ended.checked?.status === 'read' ? ended.checked.passages : null);
    // All parts go into one batch.
    else if (ended.next === 'unfinished' && ended.result.status === 'waiting') waiting = ended;
    else return ended;
  }
  return waiting ?? { next: 'read', whole: prepared.parts.whole(passages) };
}

/** A verdict that is there costs nothing, whatever else became of the ledger. */
function knownVerdict({ effects }: Run, { key, prepared }: Item): ItemResult | null {
  const { agent, sessionId } = prepared;
  const kept = effects.ledger.verdict(key, agent, sessionId);
  if (kept !== null) return { status: 'known', row: kept.row };
  return effects.isPublished(key, { agent, sessionId }) ? { status: 'known', row: null } : null;
}

/** Keeps what the checks made of the answers; the table gets it at the end of the run. */
async function keepVerdict(
  { effects: { ledger, clock } }: Run,
  { key, parts, prepared }: Item,
  read: readonly Item<PartQuestion>[],
  outcome: Outcome,
): Promise<ItemResult> {
  const { agent, sessionId: session_id } = prepared;
  const answers = [...read.map((part) => part.key), key].flatMap((each) => ledger.question(each).answers);
  const row = verdictRow({ key, session: prepared, parts, outcome, answers, judgedAtMs: clock.now() });
  await ledger.record({ type: 'verdict', key, agent, session_id, row });
  return { status: 'judged', row };
}

/** Asks once more about a session: the second judge where there is one, else the same one. */
export async function judgeAgain(run: Run, prepared: PreparedSession): Promise<ItemResult> {
  const second = secondRun(run);
  return second === null ? await judgeSample(run, prepared, 1) : await judgeSample(second, prepared, SECOND_SAMPLE);
}

const AUDITED_SHARE = 0.05;
const LARGE_CAP = 2;

/** Whether a second sample is in order: doubt of the model's own, a score that the caps changed much, a repair, or by lot. */
export function wantsSecond(row: VerdictRow): boolean {
  const { key, score, proposed_score: proposed, confidence, flags } = row;
  if (typeof score !== 'number') return false;
  if (
    confidence === 'low' ||
    String(flags ?? '')
      .split(',')
      .includes('repaired')
  )
    return true;
  if (typeof proposed === 'number' && proposed - score >= LARGE_CAP) return true;
  return isDrawn(String(key));
}

/** The lot by which some sessions get a second sample; the key decides, so that it falls the same way in every run. */
export function isDrawn(key: string): boolean {
  return Number.parseInt(key.slice(0, 8), 16) / 2 ** 32 < AUDITED_SHARE;
}
