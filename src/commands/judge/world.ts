import { exitCode, SeshError, UsageError } from '../../core/errors.ts';
import { asArray, asText, type Json } from '../../core/json.ts';
import { redactAll } from '../../core/redact/redact.ts';
import { readAnchors, writeAnchors } from '../../judge/anchors/file.ts';
import { isConsented, keepConsent, keyIdOf } from '../../judge/consent.ts';
import { Ledger } from '../../judge/ledger/ledger.ts';
import { Budget } from '../../judge/money.ts';
import { machineClock } from '../../judge/pace/clock.ts';
import { Pacer } from '../../judge/pace/pacer.ts';
import { prepareSession } from '../../judge/prompt/prepare.ts';
import { verdictIdentity, type VerdictRow } from '../../judge/publish.ts';
import type { JudgeEffects, SessionRef } from '../../judge/run.ts';
import { openProvider, type Plan } from '../../judge/run/plan.ts';
import { isNeverJudged, type JudgeFile } from '../../judge/settings.ts';
import type { EligibleSession } from '../../judge/select.ts';
import { appendRows } from '../../lake/append.ts';
import { acquireLock } from '../../lake/lock.ts';
import type { Store } from '../../lake/store.ts';
import type { Views } from '../../views/query.ts';
import type { Invocation } from '../command.ts';
import { ledgerDirectory } from './folder.ts';
import { configDirectory } from '../own-files.ts';
import { isAgreed } from '../question.ts';
import { records } from '../views.ts';

/** Sessions of projects and folders that the person's `judge.yaml` keeps on this machine are left out. */
export async function mayBeJudged(
  { query }: Views,
  sessions: readonly EligibleSession[],
  file: JudgeFile,
  home: string,
): Promise<readonly EligibleSession[]> {
  const { projects, paths } = file.never_judge;
  if (projects.length === 0 && paths.length === 0) return sessions;
  const rows = records(
    await query(
      `select agent, session_id, list(distinct cwd) as directories, list(distinct project) as projects
       from events where in_ids(session_id, $1::varchar) group by agent, session_id`,
      [`\n${sessions.map(({ sessionId }) => sessionId).join('\n')}\n`],
    ),
  );
  const texts = (value: Json | undefined): readonly string[] =>
    (asArray(value) ?? []).flatMap((item) => asText(item) ?? []);
  const forbidden = rows.filter((row) => {
    const directories = texts(row['directories']);
    return [null, ...texts(row['projects'])].some((project) => isNeverJudged(file, { project, directories }, home));
  });
  const names = new Set(forbidden.map((row) => JSON.stringify([row['agent'], row['session_id']])));
  return sessions.filter(({ agent, sessionId }) => !names.has(JSON.stringify([agent, sessionId])));
}

/** Makes sure that somebody has agreed to transcripts going to this host under this key. */
export async function requireConsent(invocation: Invocation, plan: Plan, yes: boolean): Promise<void> {
  const { surroundings, now, terminal } = invocation;
  const { host } = plan.baseUrl;
  if (plan.isLocal) {
    terminal.note(`Transcripts stay on this machine (${host}, ${plan.model}).`);
    return;
  }
  terminal.note(`Transcripts go to ${host} (${plan.model}), with secrets hidden.`);
  const directory = configDirectory(surroundings);
  const consent = { host, keyId: keyIdOf(plan.key) };
  if (await isConsented(directory, consent)) return;
  const question = `May redacted transcripts be sent to ${host}? Answer "yes" to agree; it is kept for this host and key.`;
  if (!yes && !(await isAgreed(invocation, question))) {
    throw new UsageError(
      `Nobody has agreed yet that transcripts go to ${host} with this key.`,
      '`sesh judge --dry-run --show-prompt` shows what would be sent; `sesh judge --yes` agrees, once for this host and key.',
    );
  }
  await keepConsent(directory, consent, new Date(now() / 1000));
}

/** Whether the table has a verdict, by its question and session. */
export async function publishedVerdicts({ query }: Views): Promise<(key: string, session: SessionRef) => boolean> {
  const { rows } = await query('select key, agent, session_id from staging.verdicts');
  const known = new Set(rows.map((row) => JSON.stringify(row)));
  return (key, { agent, sessionId }) => known.has(JSON.stringify([key, agent, sessionId]));
}

interface WorldParts {
  readonly store: Store;
  readonly views: Views;
  readonly plan: Plan;
  /** Null where nobody else is to be asked. */
  readonly second: Plan | null;
  readonly file: JudgeFile;
  readonly sessions: readonly EligibleSession[];
  readonly redactionKey: Uint8Array;
  readonly advance: () => void;
}

const DAY_MS = 24 * 3600 * 1000;

/** A sync of many files takes a while; who waits for it holds up nobody. */
const PUBLISH_WAIT_S = 30;

/** Takes the store's lock for the moment of publishing alone; false when another program keeps it for long. */
async function publishRows(store: Store, rows: readonly VerdictRow[], now: Date): Promise<boolean> {
  const lock = await acquireLock(store, 'judge', { waitS: PUBLISH_WAIT_S }).catch((error: unknown) => {
    if (error instanceof SeshError && error.exitCode === exitCode.locked) return null;
    throw error;
  });
  if (lock === null) return false;
  try {
    await appendRows(store, { table: 'verdicts', identity: verdictIdentity, rows, now });
    return true;
  } finally {
    await lock.release();
  }
}

/** The world of a run. The caller holds the judge's lock. */
export async function judgeWorld(parts: WorldParts): Promise<JudgeEffects> {
  const { store, views, plan, second, file, redactionKey, advance } = parts;
  const clock = machineClock;
  const ledger = await Ledger.open(ledgerDirectory(store), clock.now);
  const now = new Date(clock.now());
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  const questions = Math.max(0, file.sessions_per_day - ledger.questionsSince(clock.now() - DAY_MS));
  const projects = new Map(parts.sessions.map((session) => [identityOf(session), session.project]));
  return {
    provider: await openProvider(plan),
    pacer: new Pacer(plan.limits, { clock, random: Math.random }),
    ledger,
    budget: new Budget({ ...plan.caps, questions }, ledger.spentSince(month)),
    price: plan.price,
    anchors: await anchorsOf(store),
    second:
      second === null
        ? null
        : {
            model: second.model,
            provider: await openProvider(second),
            pacer: new Pacer(second.limits, { clock, random: Math.random }),
            price: second.price,
          },
    prepare: async (session) =>
      await prepareSession(views, { ...session, project: projects.get(identityOf(session)) ?? null }, { redactionKey }),
    redact: async (text) => (await redactAll([text], redactionKey))[0] ?? '',
    publish: async (rows) => await publishRows(store, rows, new Date(clock.now())),
    isPublished: await publishedVerdicts(views),
    clock,
    advance,
  };
}

async function anchorsOf(store: Store): Promise<JudgeEffects['anchors']> {
  const directory = ledgerDirectory(store);
  let set = await readAnchors(directory);
  return {
    current: () => set,
    keep: async (next) => {
      await writeAnchors(directory, next);
      set = next;
    },
  };
}

function identityOf({ agent, sessionId }: SessionRef): string {
  return JSON.stringify([agent, sessionId]);
}

/** Runs `work`; the first Ctrl-C asks it to come to an end, the second one ends the program. */
export async function stoppable<Result>(stop: () => void, work: () => Promise<Result>): Promise<Result> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => [signal, process.listeners(signal)] as const);
  const restore = (): void => {
    for (const [signal, listeners] of before) {
      process.removeAllListeners(signal);
      for (const listener of listeners) process.on(signal, listener);
    }
  };
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      restore();
      stop();
    });
  }
  try {
    return await work();
  } finally {
    restore();
  }
}
