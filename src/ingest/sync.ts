import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentsNamed } from '../agents/index.ts';
import type { Micros } from '../core/event.ts';
import { secretsOfEnvironment, secretsOfFile } from '../core/redact/known.ts';
import { discoverSources, type Discovery } from '../discover/discover.ts';
import { diskWarnings, appendLine } from '../lake/files.ts';
import { refuseFullDisk } from '../lake/space.ts';
import { readKnownSecrets, rememberKnownSecrets } from '../lake/known-secrets.ts';
import { acquireLock } from '../lake/lock.ts';
import { openStore, storePaths, type Store } from '../lake/store.ts';
import { KEY_FILE, redactionKey } from '../lake/redaction-key.ts';
import { derivationOf } from './derivation.ts';
import { withoutForgotten } from './forgotten.ts';
import type { Imported } from './import.ts';
import { isStill, readLedger, type Ledger } from './ledger.ts';
import type { Redaction } from './job.ts';
import { readLedgerToMend } from './mend-ledger.ts';
import { readMemberMemory } from './member-memory.ts';
import { planMemory, type MemoryPlan } from './memory-plan.ts';
import { jobOf, planSources, type Plan, type PlannedSource, type PlanOptions } from './plan.ts';
import { isAlteredUnseen, onceEach } from './recheck.ts';
import { scanSources } from './scan.ts';
import { selectSources, type Selection } from './select.ts';
import { goneState, seenState } from './states.ts';
import type { SyncEffects, SyncOptions, SyncSummary } from './summary.ts';
import { summarise } from './tally.ts';

/** Discovers, keeps and publishes what is new; ends without loading DuckDB when nothing is. */
export async function sync(options: SyncOptions, effects: SyncEffects): Promise<SyncSummary> {
  const startedAt = performance.now();
  const now = effects.now();
  const wanted = agentsNamed(options.agents);
  effects.progress.stage('Looking for transcripts');
  const memory = readMemberMemory(storePaths(options.storeDir));
  const discovered = discoverSources({ roots: options.roots, agents: wanted, memory }, effects);
  const store = options.dryRun
    ? await storeAsItIs(options.storeDir)
    : await openStore(options.storeDir, { create: true });
  const { redaction, warnings: secretWarnings } = await redactionOf(store, options, effects);
  const ledger = async (): Promise<Ledger> =>
    options.full ? await readLedgerToMend(store, discovered) : await readLedger(store);
  const { found, forgotten } = await withoutForgotten(discovered, store, redaction.key, ledger);
  const derivation = derivationOf(redaction);
  const isAltered = options.recheck === true ? onceEach(isAlteredUnseen) : () => false;
  const run: SyncRun = { options, effects, found, store, ledger, redaction, derivation, isAltered, now };
  if (options.recheck === true) effects.progress.stage('Comparing with the archive');
  const first = await planRun(run);
  const summary = (plan: Plan, selection: Selection, imported: Imported | null): SyncSummary => {
    const tookS = (performance.now() - startedAt) / 1000;
    const warnings = [
      ...store.warnings,
      ...secretWarnings,
      ...found.conflicts,
      ...forgottenWarning(forgotten),
      ...first.ledger.snapshot.warnings,
      ...diskWarnings(),
    ];
    return summarise({ found, plan, selection, imported, options, store: store.directory, warnings, tookS });
  };
  if (!first.hasWork) return summary(first.plan, nothingSelected, null);
  if (options.dryRun) return summary(first.plan, await select(run, first), null);
  // A judge that publishes is done in a moment.
  const lock = await acquireLock(store, 'sync', { waitS: 2 });
  try {
    const { plan, ledger } = (await isStill(store, first.ledger)) ? first : await planRun(run);
    const selection = await select(run, { plan, ledger });
    const imported = await importSelected(run, plan, ledger, selection);
    const done = summary(plan, selection, imported);
    await memory.save();
    await appendLine(store.runLogPath, runRecord(done, now));
    return done;
  } finally {
    await lock.release();
  }
}

function forgottenWarning(files: number): readonly string[] {
  if (files === 0) return [];
  return [`Not read, because they were forgotten: ${files} transcripts that still lie where their agents keep them.`];
}

/** What a run leaves in the run log; a run that changed nothing leaves nothing. */
function runRecord(summary: SyncSummary, now: Micros): string {
  const { files, bytes, lines, events, problems, took_s } = summary;
  return JSON.stringify({
    at: new Date(now / 1000).toISOString(),
    command: 'sync',
    files,
    bytes,
    lines,
    events,
    problems,
    took_s,
  });
}

/** A dry run makes no store: where there is none, nothing is known yet. */
async function storeAsItIs(directory: string): Promise<Store> {
  const paths = storePaths(directory);
  return fs.existsSync(paths.storeFile) ? await openStore(directory, { create: false }) : { ...paths, warnings: [] };
}

/** A dry run does not make the key that is missing: it says that all would be derived. */
async function redactionOf(
  store: Store,
  { dryRun, secretTexts = [] }: SyncOptions,
  { env }: SyncEffects,
): Promise<{ readonly redaction: Redaction; readonly warnings: readonly string[] }> {
  const isThere = fs.existsSync(path.join(store.directory, KEY_FILE));
  if (dryRun && !isThere) return { redaction: { key: new Uint8Array(), known: [] }, warnings: [] };
  const key = await redactionKey(store.directory);
  if (dryRun) return { redaction: { key, known: await readKnownSecrets(store) }, warnings: [] };
  const seen = [...secretsOfEnvironment(env, key), ...secretTexts.flatMap((text) => secretsOfFile(text, key))];
  const { known, warnings } = await rememberKnownSecrets(store, seen);
  return { redaction: { key, known }, warnings };
}

interface SyncRun {
  readonly options: SyncOptions;
  readonly effects: SyncEffects;
  readonly found: Discovery;
  readonly store: Store;
  readonly ledger: () => Promise<Ledger>;
  readonly redaction: Redaction;
  readonly derivation: string;
  readonly isAltered: PlanOptions['isAltered'];
  readonly now: Micros;
}

interface Planned {
  readonly plan: Plan;
  readonly ledger: Ledger;
}

const nothingSelected: Selection = { selected: [], outside: [] };

async function planRun(run: SyncRun): Promise<Planned & { readonly hasWork: boolean }> {
  const { derivation, now } = run;
  const { full, window: range } = run.options;
  const ledger = await run.ledger();
  const plan = planSources(run.found, ledger.sources, { derivation, now, full, isAltered: run.isAltered, range });
  const hasWork =
    ledger.interrupted ||
    plan.read.length > 0 ||
    plan.again.length > 0 ||
    plan.gone.length > 0 ||
    ledger.snapshot.version < 0;
  return { plan, ledger, hasWork };
}

/** Without a window everything is wanted; with one, files whose times are not known are looked through first. */
async function select(run: SyncRun, { plan, ledger }: Planned): Promise<Selection> {
  const { window } = run.options;
  if (window.since === null && window.until === null) return { selected: plan.read, outside: [] };
  const isKept = ({ known }: PlannedSource): boolean => known !== null && known.archivedBytes > 0;
  const unsure = plan.read.filter((source) => !isKept(source));
  run.effects.progress.stage('Looking at event times');
  const scanned = await scanSources(unsure.map(jobOf), { range: window, now: run.now, memory: memoryPlan(run) });
  const { selected, outside } = selectSources(unsure, scanned, ledger.sources, window);
  return { selected: [...plan.read.filter(isKept), ...selected], outside };
}

function memoryPlan({ options }: SyncRun): MemoryPlan {
  return planMemory(options.memoryBytes, os.availableParallelism());
}

async function importSelected(run: SyncRun, plan: Plan, ledger: Ledger, selection: Selection): Promise<Imported> {
  const { importSources } = await import('./import.ts');
  const { now, store, effects, redaction, derivation } = run;
  const roots = new Map(run.found.sources.map(({ path, root }) => [path, root]));
  const read = selection.selected.map(jobOf);
  const bytes = read.reduce((total, { expectedBytes }) => total + expectedBytes, 0);
  await refuseFullDisk(store.directory, bytes);
  effects.progress.total(read.length, bytes);
  effects.progress.stage('Reading');
  const seen = selection.outside.map(({ outcome, derived }) =>
    seenState(outcome, derived, roots.get(outcome.job.path) ?? ''),
  );
  return await importSources({
    store,
    ledger,
    read,
    again: plan.again,
    noted: [...plan.gone.map((source) => goneState(source, now)), ...seen],
    roots,
    range: run.options.window,
    redaction,
    derivation,
    full: run.options.full,
    now,
    memory: memoryPlan(run),
    progress: effects.progress,
  });
}
