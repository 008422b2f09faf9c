import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitCode, UsageError, type ExitCode } from '../../core/errors.ts';
import { asObject, asText, type Json } from '../../core/json.ts';
import { everything } from '../../core/window.ts';
import { verdictKey } from '../../judge/key.ts';
import { exportPrompt, importAnswer } from '../../judge/prompt/export.ts';
import { prepareSession } from '../../judge/prompt/prepare.ts';
import { verdictIdentity, verdictRow, type VerdictRow } from '../../judge/publish.ts';
import { eligibleSessions } from '../../judge/select.ts';
import { appendRows } from '../../lake/append.ts';
import { makeDirectory, writeFileDurably } from '../../lake/files.ts';
import { acquireLock } from '../../lake/lock.ts';
import { openStore } from '../../lake/store.ts';
import { redactionKey } from '../../lake/redaction-key.ts';
import type { Views } from '../../views/query.ts';
import { windowOf, type Invocation } from '../command.ts';
import { judgeFlags } from './flags.ts';
import { ownText } from '../own-files.ts';
import { settingsOf } from '../settings.ts';
import { withViews } from '../views.ts';

/** Who judged is not known: the answers came in as files. */
const BY_HAND = { provider: 'import', host: 'file', maxTokens: 0, effort: null, sampleIndex: 0 } as const;

/** Writes the prompt of each session into a folder of its own. JSON: `directory` and `sessions`, each with `session_id` and `folder`. */
export async function judgeExport(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, memoryBytes, zone, second } = invocation;
  const directory = resolve(second ?? missing('export-prompts'));
  const { last, ids } = judgeFlags(flags);
  const key = await redactionKey(storeDir);
  const written = await withViews({ storeDir, memoryBytes, settings: settingsOf(everything, zone) }, async (views) => {
    const options = { window: windowOf(invocation), last, now: invocation.now() };
    const { sessions } = await eligibleSessions(views, ids === null ? options : { ...options, ids });
    const folders = [];
    for (const session of sessions) {
      const prepared = await prepareSession(views, session, { redactionKey: key, inParts: false });
      const folder = join(directory, folderOf(session.agent, session.sessionId));
      await makeDirectory(folder);
      for (const [name, text] of Object.entries(exportPrompt(prepared)))
        await writeFileDurably(join(folder, name), text);
      folders.push({ session_id: session.sessionId, folder });
    }
    return folders;
  });
  if (flags.flag('json')) terminal.json({ directory, sessions: written });
  else
    terminal.print(`${written.length} prompts are in ${directory}. Put each answer beside its prompt as answer.json.`);
  return exitCode.ok;
}

/**
 * Takes answers that lie as answer.json beside exported prompts, through the same checks as those of a provider. JSON: `imported`
 * and `sessions`, each with `session_id`, `score` and `null_reason`.
 */
export async function judgeImport(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, memoryBytes, zone, now, second } = invocation;
  const directory = resolve(second ?? missing('import'));
  const judgedAtMs = Math.floor(now() / 1000);
  const model = flags.text('model') ?? 'unnamed';
  const store = await openStore(storeDir, { create: false });
  const key = await redactionKey(storeDir);
  const lock = await acquireLock(store, 'judge import', { waitS: 10 });
  try {
    const rows = await withViews({ storeDir, memoryBytes, settings: settingsOf(everything, zone) }, async (views) => {
      const found: VerdictRow[] = [];
      for (const answer of answersIn(directory)) found.push(await rowOf(views, answer, { key, model, judgedAtMs }));
      return found;
    });
    const imported = await appendRows(store, {
      table: 'verdicts',
      identity: verdictIdentity,
      rows,
      now: new Date(judgedAtMs),
    });
    const sessions = rows.map(({ session_id, score, null_reason }) => ({ session_id, score, null_reason }));
    if (flags.flag('json')) terminal.json({ imported, sessions });
    else terminal.print(`${imported} of ${rows.length} answers are new verdicts.`);
    return exitCode.ok;
  } finally {
    await lock.release();
  }
}

interface Answer {
  readonly agent: string;
  readonly sessionId: string;
  readonly identity: string;
  readonly text: string;
}

function answersIn(directory: string): readonly Answer[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const text = entry.isDirectory() ? ownText(join(directory, entry.name, 'answer.json')) : null;
    if (text === null) return [];
    const file = join(directory, entry.name, 'session.json');
    const identity = ownText(file) ?? '';
    const named = asObject(parsed(identity));
    const [agent, sessionId] = [asText(named?.['agent']), asText(named?.['session_id'])];
    if (agent === null || sessionId === null) {
      throw new UsageError(`${file} does not say which session it is about.`, 'Export the prompts again.');
    }
    return [{ agent, sessionId, identity, text }];
  });
}

interface ImportContext {
  readonly key: Uint8Array;
  readonly model: string;
  readonly judgedAtMs: number;
}

async function rowOf(views: Views, answer: Answer, { key, model, judgedAtMs }: ImportContext): Promise<VerdictRow> {
  const { agent, sessionId } = answer;
  const session = { agent, sessionId, project: null };
  const prepared = await prepareSession(views, session, { redactionKey: key, inParts: false });
  const checked = await importAnswer(prepared, answer.text, answer.identity);
  const { verdict } = checked;
  const invalid = checked.status === 'invalid' ? (checked.kind === 'parse' ? 'error_parse' : 'evidence_invalid') : null;
  const parts = { ...BY_HAND, model, hashes: prepared.hashes, rendererVersion: prepared.rendererVersion };
  return verdictRow({
    key: verdictKey(parts),
    session: prepared,
    parts,
    outcome: { verdict, unscored: invalid ?? verdict.nullReason },
    answers: [],
    judgedAtMs,
  });
}

/** Session ids may hold anything: a plain one names its folder, any other is hashed (security.md T05). */
function folderOf(agent: string, sessionId: string): string {
  return /^[0-9A-Za-z][\w-]{0,80}$/.test(sessionId)
    ? `${agent}-${sessionId}`
    : `${agent}-${createHash('sha256').update(sessionId).digest('hex').slice(0, 24)}`;
}

function parsed(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

function missing(action: string): never {
  throw new UsageError(`Expected a folder after sesh judge ${action}, got nothing.`);
}
