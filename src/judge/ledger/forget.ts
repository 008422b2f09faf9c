import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../../lake/files.ts';
import { ledgerFiles } from './ledger.ts';
import { encodeLine, parseLine, type LedgerLine } from './lines.ts';

/**
 * Takes what was asked and answered about the sessions out of the ledger; what it cost stays, since the caps of a month count it.
 * The caller holds the judge's lock. Doing it again changes nothing.
 */
export async function forgetSessions(
  directory: string,
  sessions: readonly { readonly agent: string; readonly sessionId: string }[],
): Promise<void> {
  const gone = new Set(sessions.map(({ agent, sessionId }) => identity(agent, sessionId)));
  const files = await ledgerFiles(directory);
  const texts = await Promise.all(files.map(async (name) => await readFile(join(directory, name), 'utf8')));
  const lines = texts.map((text) => text.split('\n').filter((line) => line !== ''));
  const keys = new Set<string>();
  for (const text of lines.flat()) {
    const line = parseLine(text);
    if (line !== null && 'session_id' in line && gone.has(identity(line.agent, line.session_id))) keys.add(line.key);
  }
  for (const [index, name] of files.entries()) {
    const before = lines[index] ?? [];
    const after = before.flatMap((text) => without(text, gone, keys));
    if (after.length === before.length && after.every((text, at) => text === before[at])) continue;
    await writeFileDurably(join(directory, name), after.map((text) => `${text}\n`).join(''));
  }
}

/**
 * Takes the words out of answers that came before this moment, about sessions that have a verdict; what they cost and the verdicts stay.
 * Returns how many; a dry run changes nothing. The caller holds the judge's lock.
 */
export async function forgetReplies(directory: string, before: Date, dryRun: boolean): Promise<number> {
  const files = await ledgerFiles(directory);
  const texts = await Promise.all(files.map(async (name) => await readFile(join(directory, name), 'utf8')));
  const judged = judgedKeys(texts.flatMap((text) => text.split('\n')).flatMap((text) => parseLine(text) ?? []));
  let forgotten = 0;
  for (const [index, name] of files.entries()) {
    const whole = texts[index] ?? '';
    const after = whole.split('\n').map((text) => {
      const line = parseLine(text);
      if (line?.type !== 'response' || line.text === '' || !judged.has(line.key)) return text;
      if (Date.parse(line.at) >= before.getTime()) return text;
      forgotten += 1;
      return encodeLine(withoutWords(line));
    });
    if (!dryRun && after.join('\n') !== whole) await writeFileDurably(join(directory, name), after.join('\n'));
  }
  return forgotten;
}

/** Questions about sessions that have a verdict, those about parts of one among them. */
function judgedKeys(lines: readonly LedgerLine[]): ReadonlySet<string> {
  const sessions = new Set(
    lines.flatMap((line) => (line.type === 'verdict' ? [identity(line.agent, line.session_id)] : [])),
  );
  return new Set(
    lines.flatMap((line) =>
      'session_id' in line && sessions.has(identity(line.agent, line.session_id)) ? [line.key] : [],
    ),
  );
}

/** A line that cannot be read may hold anything, and says nothing to anybody: it goes too. */
function without(text: string, gone: ReadonlySet<string>, keys: ReadonlySet<string>): readonly string[] {
  const line = parseLine(text);
  if (line === null) return [];
  if ('session_id' in line && gone.has(identity(line.agent, line.session_id))) return [];
  return 'key' in line && keys.has(line.key) ? [encodeLine(withoutWords(line))] : [text];
}

function withoutWords(line: LedgerLine): LedgerLine {
  if (line.type === 'response') return { ...line, text: '', text_sha256: '' };
  return line.type === 'failed' ? { ...line, message: '' } : line;
}

function identity(agent: string, sessionId: string): string {
  return `${agent}\n${sessionId}`;
}
