import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLine, type LedgerLine } from '../../../../src/judge/ledger/lines.ts';
import { sessions } from '../../helpers/judging.ts';
import { counted, type Counts } from './service.ts';

export const ledgerFile = (store: string): string => join(store, 'judge', 'ledger-2026-11.jsonl');

export function readLedger(store: string): string {
  const file = ledgerFile(store);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

const linesOf = (ledger: string): readonly LedgerLine[] => ledger.split('\n').flatMap((text) => parseLine(text) ?? []);

export const comparedColumns = ['key', 'session_id', 'score', 'answers', 'cost_usd_micros', 'flags', 'answer_sha256'];

/** What the checks made of the answers, by the ledger. */
export function verdictsIn(ledger: string): readonly object[] {
  return linesOf(ledger)
    .flatMap((line) => (line.type === 'verdict' ? [line.row] : []))
    .map((row) => Object.fromEntries(comparedColumns.map((name) => [name, row[name]])))
    .toSorted((a, b) => (String(a['key']) < String(b['key']) ? -1 : 1));
}

/** Sessions whose question left and of whose answer nothing is known. */
function underWay(ledger: string): ReadonlySet<string> {
  const found = new Map<string, string>();
  const waiting = new Set<string>();
  for (const line of linesOf(ledger)) {
    if (line.type === 'intent') found.set(line.key, line.session_id);
    if (line.type === 'sent') waiting.add(line.key);
    if (line.type === 'response' || line.type === 'failed') waiting.delete(line.key);
  }
  return new Set([...waiting].flatMap((key) => found.get(key) ?? []));
}

/** How often each session was asked about, by the ledger. */
export function sentIn(ledger: string): Counts {
  const session = new Map<string, string>();
  const sent: string[] = [];
  for (const line of linesOf(ledger)) {
    if (line.type === 'intent') session.set(line.key, line.session_id);
    if (line.type === 'sent') sent.push(session.get(line.key) ?? '');
  }
  return counted(sent);
}

interface Disturbed {
  /** The ledger as the kill left it, and as the last run did. */
  readonly killed: string;
  readonly finished: string;
  readonly asked: Counts;
  readonly count: number;
  /** The verdicts of a run that nobody disturbed. */
  readonly expected: readonly object[];
}

/** What must hold after any kill (issue 5), as sentences about where it does not. */
export function brokenRules({ killed, finished, asked, count, expected }: Disturbed): readonly string[] {
  const open = underWay(killed);
  const broken: string[] = [];
  if (!finished.startsWith(killed)) broken.push('a line that was kept is gone');
  if (open.size > 1) broken.push(`${open.size} questions were under way`);
  for (const { sessionId } of sessions(count)) {
    const times = asked.get(sessionId) ?? 0;
    const most = open.has(sessionId) ? 2 : 1;
    if (times < 1 || times > most) broken.push(`${sessionId} was asked ${times} times, expected 1 to ${most}`);
  }
  if (JSON.stringify(verdictsIn(finished)) !== JSON.stringify(expected)) broken.push('the verdicts differ');
  return broken;
}

export function askedTwice(asked: Counts): number {
  return [...asked.values()].filter((times) => times > 1).length;
}
