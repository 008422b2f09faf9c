import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode, SeshError, UsageError, type ExitCode } from '../../core/errors.ts';
import { formatCount } from '../../core/figures.ts';
import { everything } from '../../core/window.ts';
import { judgeInBatches } from '../../judge/batch/run.ts';
import { Ledger } from '../../judge/ledger/ledger.ts';
import { machineClock } from '../../judge/pace/clock.ts';
import { prepareSession } from '../../judge/prompt/prepare.ts';
import { judgeSessions, type JudgeOptions, type JudgeSummary } from '../../judge/run.ts';
import { makePlan, refuseUnready, secondPlan, type Plan } from '../../judge/run/plan.ts';
import { readAnchors } from '../../judge/anchors/file.ts';
import { previewAnchors, previewOf } from '../../judge/run/preview.ts';
import { eligibleSessions, type EligibleSession, type Selection } from '../../judge/select.ts';
import { JUDGE_FILE, parseJudgeFile, type JudgeFile } from '../../judge/settings.ts';
import { acquireJudgeLock } from '../../lake/lock.ts';
import { openStore, storePaths } from '../../lake/store.ts';
import { redactionKey } from '../../lake/redaction-key.ts';
import type { Views } from '../../views/query.ts';
import { windowOf, type Invocation } from '../command.ts';
import { ledgerDirectory } from './folder.ts';
import { judgeFlags, type JudgeFlags } from './flags.ts';
import { printSummary, summaryJson } from './lines.ts';
import { previewJson, printPreview, printPrompt } from './preview-lines.ts';
import { judgeWorld, mayBeJudged, publishedVerdicts, requireConsent, stoppable } from './world.ts';
import { configDirectory, ownText } from '../own-files.ts';
import { settingsOf } from '../settings.ts';
import { withViews } from '../views.ts';

/**
 * Asks a model whether sessions did what their users asked. Ends with 3 when sessions are left for a later run. JSON: `provider`,
 * `model`, `host`, `eligible`, `open`, `not_applicable`, `requests`, `spent_usd`, `ending`, and `sessions` with `status` and
 * `samples` (the columns of the table verdicts); of a dry run: `expected_usd`, `worst_usd`, `batch_usd`, and `sessions`
 * and `anchors` with `state`, `input_tokens` and what each would cost.
 */
export async function judge(invocation: Invocation): Promise<ExitCode> {
  const { surroundings, storeDir, memoryBytes, zone } = invocation;
  const flags = judgeFlags(invocation.flags);
  const directory = configDirectory(surroundings);
  const file = parseJudgeFile(ownText(join(directory, JUDGE_FILE)) ?? '', join(directory, JUDGE_FILE));
  const world = { env: surroundings.env, configDirectory: directory, nowMs: machineClock.now() };
  const plan = await makePlan(flags.plan, file, world);
  const second = await secondPlan(plan, file, world);
  if (!flags.dryRun) for (const each of [plan, second]) if (each !== null) refuseUnready(each);
  if (flags.batch && plan.provider === 'openai-compatible') {
    throw new UsageError('Expected --batch with the provider anthropic or openai: other servers have no batches.');
  }
  // What only looks writes nothing.
  const kept = flags.dryRun ? 'read' : 'use';
  return await withViews({ storeDir, memoryBytes, settings: settingsOf(everything, zone), kept }, async (views) => {
    const selection = await select(invocation, flags, views);
    const sessions = await mayBeJudged(views, selection.sessions, file, surroundings.home);
    const chosen = { invocation, flags, file, plan, second, views, selection, sessions };
    if (sessions.length === 0) return nothingToJudge(chosen);
    return flags.dryRun ? await preview(chosen) : await run(chosen);
  });
}

interface Chosen {
  readonly invocation: Invocation;
  readonly flags: JudgeFlags;
  readonly file: JudgeFile;
  readonly plan: Plan;
  readonly second: Plan | null;
  readonly views: Views;
  readonly selection: Selection;
  readonly sessions: readonly EligibleSession[];
}

async function select(invocation: Invocation, { last, ids }: JudgeFlags, views: Views): Promise<Selection> {
  const options = { window: windowOf(invocation), last, now: invocation.now() };
  return await eligibleSessions(views, ids === null ? options : { ...options, ids });
}

function nothingToJudge({ invocation: { terminal }, flags, plan, second, selection }: Chosen): ExitCode {
  const { sessions, open, notApplicable } = selection;
  const others = [
    [open, 'still open'],
    [notApplicable.no_prompt, 'without a request'],
    [notApplicable.no_tool_call, 'without a tool call'],
    [notApplicable.no_time, 'without a time'],
    [notApplicable.subagent, 'of sub-agents'],
  ] as const;
  const counts = others.flatMap(([count, what]) => (count === 0 ? [] : [`${formatCount(count)} ${what}`]));
  if (flags.ids !== null && sessions.length === 0 && counts.length === 0) {
    throw new UsageError(
      `No session has the id ${flags.ids.map((id) => `"${id}"`).join(' or ')} (in the window, where one is given).`,
      'Run `sesh sessions` to list them; --session takes whole ids.',
    );
  }
  if (flags.json) terminal.json(previewJson({ sessions: [], anchors: [], plan, second }, selection));
  else {
    const kept = sessions.length === 0 ? '' : ' that judge.yaml lets out';
    const why = counts.length === 0 ? '' : ` (${counts.join(', ')})`;
    terminal.note(
      `There is no session to judge${kept}: it takes a request, a tool call, and 30 minutes of quiet${why}.`,
    );
  }
  return exitCode.ok;
}

/** A session takes a fifth of a second: of many one wants to know how far it is. */
const PREVIEWS_PER_NOTE = 25;

/** Opens no connection and writes no file. */
async function preview({ invocation, flags, plan, second, views, selection, sessions }: Chosen): Promise<ExitCode> {
  const { terminal, storeDir, io } = invocation;
  const directory = ledgerDirectory(storePaths(storeDir));
  const ledger = await Ledger.open(directory, machineClock.now);
  const isPublished = await publishedVerdicts(views);
  const world = { plan, second, samples: flags.samples, ledger, isPublished };
  const key = await keyForPreview(storeDir);
  const previews = [];
  for (const [index, session] of sessions.entries()) {
    if (index > 0 && index % PREVIEWS_PER_NOTE === 0 && io.stderrIsTTY && !flags.json) {
      terminal.note(`${index} of ${sessions.length}`);
    }
    const prepared = await prepareSession(views, session, { redactionKey: key });
    if (flags.showPrompt && !flags.json) printPrompt(prepared, terminal);
    previews.push(previewOf(prepared, world));
  }
  const anchors = await previewAnchors(
    await readAnchors(directory),
    world,
    async (session) => await prepareSession(views, { ...session, project: null }, { redactionKey: key }),
  );
  const previewed = { sessions: previews, anchors, plan, second };
  if (flags.json) terminal.json(previewJson(previewed, selection));
  else printPreview(previewed, terminal);
  return exitCode.ok;
}

/** A store that never redacted anything has no key yet; one for this time shows the same. */
async function keyForPreview(storeDir: string): Promise<Uint8Array> {
  return existsSync(join(storeDir, 'redaction.key')) ? await redactionKey(storeDir) : randomBytes(32);
}

async function run(chosen: Chosen): Promise<ExitCode> {
  const { invocation, flags, plan, second, selection } = chosen;
  const { terminal, storeDir, zone } = invocation;
  await requireConsent(invocation, plan, flags.yes);
  if (second !== null) await requireConsent(invocation, second, flags.yes);
  const store = await openStore(storeDir, { create: true });
  const lock = await acquireJudgeLock(store, { waitS: 0 });
  let summary: JudgeSummary;
  try {
    summary = await judgeChosen(chosen, store);
  } finally {
    await lock.release();
  }
  if (flags.json) terminal.json(summaryJson(summary, plan, selection));
  else printSummary(summary, zone, terminal);
  return endOf(summary);
}

async function judgeChosen(
  { invocation, flags, file, plan, second, views, sessions }: Chosen,
  store: Awaited<ReturnType<typeof openStore>>,
): Promise<JudgeSummary> {
  const { terminal, io } = invocation;
  let done = 0;
  const advance = (): void => {
    done += 1;
    if (io.stderrIsTTY && !flags.json) terminal.note(`${done} of ${sessions.length}`);
  };
  const key = await redactionKey(store.directory);
  const effects = await judgeWorld({ store, views, plan, second, file, sessions, redactionKey: key, advance });
  if (effects.ledger.damaged > 0) {
    const { damaged } = effects.ledger;
    const which = damaged === 1 ? 'A line of the ledger is' : `${formatCount(damaged)} lines of the ledger are`;
    terminal.note(`${which} damaged; what it said may be asked again.`);
  }
  const options: JudgeOptions = {
    model: plan.model,
    maxTokens: plan.maxTokens,
    effort: plan.effort,
    samples: flags.samples,
  };
  const stop = (): void => {
    terminal.note('Waiting for what is under way. Press Ctrl-C again to leave it.');
    for (const pacer of [effects.pacer, effects.second?.pacer]) pacer?.end({ why: 'stopped' });
  };
  const { batches } = effects.provider;
  return await stoppable(stop, async () =>
    flags.batch && batches !== null
      ? await judgeInBatches(sessions, options, effects, batches)
      : await judgeSessions(sessions, options, effects),
  );
}

function endOf({ ending, sessions, isPublished, held }: JudgeSummary): ExitCode {
  if (ending?.why === 'config' || ending?.why === 'unreachable') {
    const { message, hint } = ending.failure;
    throw new SeshError(message, hint === null ? {} : { hint });
  }
  if (!isPublished) return exitCode.locked;
  const isPartial =
    held > 0 || ending !== null || sessions.some(({ status }) => status === 'later' || status === 'set_aside');
  return isPartial ? exitCode.dataProblems : exitCode.ok;
}
