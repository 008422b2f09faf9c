import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { exitCode, UsageError, type ExitCode } from '../../core/errors.ts';
import { formatCount } from '../../core/figures.ts';
import { humanAnswers } from '../../judge/calibrate/consensus.ts';
import { CONSENSUS, type LabelsFile } from '../../judge/calibrate/labels-file.ts';
import { begin, type Dialogue, type SessionText } from '../../judge/calibrate/label/dialogue.ts';
import { labellingRound, labelWriter } from '../../judge/calibrate/label/round.ts';
import { stratified, type Candidate, type SessionReference } from '../../judge/calibrate/label/sample.ts';
import { readLabelsIfAny } from '../../judge/calibrate/read-file.ts';
import { candidates, sessionText } from '../../judge/calibrate/store.ts';
import type { Invocation } from '../command.ts';
import type { FlagsByName } from './calibrate.ts';
import { viewSettings } from '../settings.ts';
import { withViews } from '../views.ts';

const DEFAULT_FILE = 'labels.csv';
const DEFAULT_SAMPLE = 20;
const DEFAULT_SEED = 1;
/** A session in which nothing happened for this long counts as closed. */
const IDLE_MS = 30 * 60_000;

/** What labelling takes from outside: sessions and their texts, and what the person types. */
export interface LabelSources {
  readonly candidates: () => Promise<readonly Candidate[]>;
  readonly text: SessionText;
  readonly input: Readable;
}

/**
 * Asks a person at a terminal for the scores of sessions, without telling the judge's, and adds each answer to a CSV file at once.
 * The talk goes to stderr. JSON: `labelled`, `skipped`, `left` and `file`.
 */
export async function judgeLabel(invocation: Invocation, sources?: LabelSources): Promise<ExitCode> {
  const { io, storeDir, memoryBytes, now } = invocation;
  const flags: FlagsByName = invocation.flags;
  const labeller = flags.text('labeller');
  if (labeller === undefined) throw new UsageError('Expected --labeller NAME, the name to store with every label.');
  if (!io.stdinIsTTY || !io.stderrIsTTY) {
    throw new UsageError('Labelling asks a person: run sesh judge label at a terminal, without pipes.');
  }
  if (sources !== undefined) return label(invocation, labeller, sources);
  return withViews({ storeDir, memoryBytes, settings: viewSettings(invocation) }, ({ query }) =>
    label(invocation, labeller, {
      candidates: () => candidates(query, now() / 1000, IDLE_MS),
      text: sessionText(query),
      input: process.stdin,
    }),
  );
}

async function label(invocation: Invocation, labeller: string, sources: LabelSources): Promise<ExitCode> {
  const { terminal } = invocation;
  const flags: FlagsByName = invocation.flags;
  const file = flags.text('out') ?? DEFAULT_FILE;
  const known = await readLabelsIfAny(file);
  const order = stratified(await sources.candidates(), flags.count('seed', DEFAULT_SEED));
  const open = openSessions(order, known, labeller);
  const sessions = open.slice(0, flags.count('sample', DEFAULT_SAMPLE));
  const reader = createInterface({ input: sources.input, terminal: false });
  // Asked for at once: a line that arrives before somebody iterates would be lost.
  const lines = reader[Symbol.asyncIterator]();
  try {
    const effects = { lines, say: terminal.note, text: sources.text, store: labelWriter(file, known) };
    const done = sessions.length === 0 ? begin([]) : await labellingRound({ sessions, labeller }, effects);
    summarise(done, open.length - done.labelled, file, invocation);
  } finally {
    reader.close();
  }
  return exitCode.ok;
}

/** What this labeller has not labelled yet; for the consensus only sessions about which people do not agree. */
function openSessions(
  order: readonly SessionReference[],
  { labels }: LabelsFile,
  labeller: string,
): readonly SessionReference[] {
  const done = new Set(labels.filter((label) => label.labeller === labeller).map(keyOf));
  const disputed = new Set(
    humanAnswers(labels)
      .filter(({ status }) => status === 'disputed')
      .map(keyOf),
  );
  return order.filter(
    (session) => !done.has(keyOf(session)) && (labeller !== CONSENSUS || disputed.has(keyOf(session))),
  );
}

function keyOf({ agent, sessionId }: SessionReference): string {
  return JSON.stringify([agent, sessionId]);
}

function summarise({ labelled, skipped }: Dialogue, left: number, file: string, { flags, terminal }: Invocation): void {
  if (flags.flag('json')) terminal.json({ labelled, skipped, left, file });
  else
    terminal.print(
      `${formatCount(labelled)} labelled in ${file}, ${formatCount(skipped)} skipped, ${formatCount(left)} left.`,
    );
}
