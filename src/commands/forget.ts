import { existsSync } from 'node:fs';
import { exitCode, SeshError, UsageError, type ExitCode } from '../core/errors.ts';
import { formatBytes, formatCount, plural } from '../core/figures.ts';
import { parseMoment } from '../core/time.ts';
import { filesHolding } from '../ingest/absence.ts';
import { readLedger } from '../ingest/ledger.ts';
import type { Choice, Doomed } from '../lake/forget/choose.ts';
import { writePlan } from '../lake/forget/plan.ts';
import { openStore } from '../lake/store.ts';
import type { Invocation } from './command.ts';
import { isAgreed } from './question.ts';
import { chooseToForget, finishForgetting } from './forgetting.ts';

/** Lines of a listing that a person reads before agreeing. */
const SHOWN = 20;

/**
 * Removes sessions from every table, ledger, cache and old version. JSON: `dry_run`, `sessions` (agent, session_id), `files` (path,
 * bytes, still_there), `asked` (sessions that were named), `holding` (files of the store that still hold the text of --match).
 */
export async function forget(invocation: Invocation): Promise<ExitCode> {
  const { flags, terminal, storeDir, now } = invocation;
  const choice = choiceOf(invocation);
  const store = await openStore(storeDir, { create: false });
  const dryRun = flags.flag('dry-run');
  const moment = new Date(now() / 1000);
  if (!dryRun) await finishForgetting(store, moment);
  const ledger = await readLedger(store);
  if (ledger.interrupted) {
    throw new SeshError('A sync was cut off, and some files are only half in the store.', {
      hint: 'Run `sesh sync` first.',
    });
  }
  const { doomed, plan } = await chooseToForget(store, ledger.sources, choice, moment);
  const report = (holding: readonly string[]): void => printOut(invocation, doomed, holding);
  if (dryRun || doomed.sessions.length + doomed.sources.length === 0) {
    report([]);
    return exitCode.ok;
  }
  if (!flags.flag('json')) printPlan(invocation, doomed);
  if (!flags.flag('yes') && !(await isAgreed(invocation, 'This cannot be undone. Answer "yes" to go on.'))) {
    throw new UsageError('Nothing was removed: nobody agreed.', 'Look with --dry-run, then run it with --yes.');
  }
  await writePlan(store, plan);
  await finishForgetting(store, moment);
  const holding = choice.match === null ? [] : await filesHolding(store, choice.match);
  if (flags.flag('json')) report(holding);
  else printDone(invocation, doomed, holding);
  if (holding.length > 0) terminal.note(`Still in: ${holding.join(', ')}`);
  return holding.length > 0 ? exitCode.error : exitCode.ok;
}

function choiceOf({ flags, now, zone }: Invocation): Choice {
  const [project, before, match] = [flags.text('project'), flags.text('before'), flags.text('match')];
  const sessions = flags.list('session');
  if (sessions.length === 0 && project === undefined && before === undefined && match === undefined) {
    throw new UsageError('Expected --session, --project, --before or --match: what to forget.');
  }
  if (match === '') throw new UsageError('Expected --match to be a text, got nothing.');
  const moment =
    before === undefined ? null : (parseMoment(before, now(), zone, '--before') ?? Number.MAX_SAFE_INTEGER);
  return { sessions, project: project ?? null, before: moment, match: match ?? null };
}

function printOut(invocation: Invocation, doomed: Doomed, holding: readonly string[]): void {
  const { flags, terminal } = invocation;
  if (!flags.flag('json')) {
    printPlan(invocation, doomed);
    return;
  }
  terminal.json({
    dry_run: flags.flag('dry-run'),
    asked: doomed.asked,
    sessions: doomed.sessions.map(({ agent, sessionId }) => ({ agent, session_id: sessionId })),
    files: doomed.sources.map(({ path, archivedBytes }) => ({
      path,
      bytes: archivedBytes,
      still_there: existsSync(path),
    })),
    holding,
  });
}

function printPlan({ terminal, flags }: Invocation, { sessions, sources, asked }: Doomed): void {
  if (sessions.length === 0) {
    terminal.print('No session of the store is meant.');
    return;
  }
  const bytes = sources.reduce((sum, { archivedBytes }) => sum + archivedBytes, 0);
  const also = sessions.length - asked;
  const verb = flags.flag('dry-run') ? 'would go' : 'go';
  terminal.print(
    `${plural(sessions.length, 'session')} in ${plural(sources.length, 'file')}, ${formatBytes(bytes)}, ${verb}:`,
  );
  for (const { agent, sessionId } of sessions.slice(0, SHOWN)) terminal.print(`  ${agent} ${sessionId}`);
  if (sessions.length > SHOWN) terminal.print(`  and ${formatCount(sessions.length - SHOWN)} more (--json names all)`);
  if (also > 0) {
    terminal.print(
      `${formatCount(also)} of them were not named: they share a file or repeated history with one that was.`,
    );
  }
}

function printDone({ terminal }: Invocation, { sources, sessions }: Doomed, holding: readonly string[]): void {
  const left = sources.filter(({ path }) => existsSync(path));
  terminal.print(
    `Forgotten: ${plural(sessions.length, 'session')}. No table, ledger, cache or old version holds what they said.`,
  );
  terminal.print(
    'A program that was reading the store at this moment may fail once; started again it reads the new version.',
  );
  if (left.length > 0) {
    terminal.print(
      `The agents' own transcripts are not touched; ${formatCount(left.length)} are still there, and are not read again:`,
    );
    for (const { path } of left.slice(0, SHOWN)) terminal.print(`  ${path}`);
  }
  if (holding.length === 0) return;
  terminal.note('The text is still in files of the store that hold other things than sessions.');
}
