// npm run eval:judge [-- --live ...options of sesh judge]: the judge on Claude Code runs of which the outcome is known (beside the
// project, ../shared/judge-labels/claude-stream-json). Without a model: how large their transcripts are for a judge, and how
// far what the store knows without one (last test, last build) agrees with the outcome. With --live it also asks the judge, for
// money, and sets its scores of 4 or more against the outcome. 0 with "skipped" where the runs are missing.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runsOf, transcriptOf } from './runs.mjs';

const project = resolve(import.meta.dirname, '../..');
const folder = resolve(project, '../shared/judge-labels/claude-stream-json');
const program = join(project, 'dist', 'cli.js');

/** Measured on 312 such runs (judge.md 2.4 and 3.6): what a judge has to beat, in the same order as `figures`. */
const known = [
  { name: 'all 312: result says success', row: [0.35, 0.053, 0.291, 0.976] },
  { name: 'all 312: positive and no hedging words', row: [0.641, 0.302, 0.417, 0.819] },
];

function main() {
  const [mode, ...judgeOptions] = process.argv.slice(2);
  if (!existsSync(folder)) return console.log('skipped: the runs are not beside the project.');
  if (!existsSync(program)) throw new Error('Run `npm run build` first.');
  const scratch = mkdtempSync(join(tmpdir(), 'sesh-eval-'));
  try {
    const runs = runsOf(folder);
    const root = join(scratch, 'projects', '-app');
    mkdirSync(root, { recursive: true });
    for (const run of runs) writeFileSync(join(root, `${run.session}.jsonl`), transcriptOf(run));
    const sesh = programIn(scratch, mode === '--live');
    sesh(['sync', '--root', join(scratch, 'projects')]);
    sizes(sesh, runs);
    facts(sesh, runs);
    if (mode === '--live') live(sesh, runs, judgeOptions);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function programIn(scratch, isLive) {
  const own = { PATH: process.env.PATH, HOME: join(scratch, 'home'), SESH_HOME: join(scratch, 'store'), TZ: 'UTC' };
  const env = isLive ? { ...process.env, ...own } : own;
  return (args) => {
    try {
      return execFileSync(process.execPath, [program, ...args], {
        env,
        encoding: 'utf8',
        maxBuffer: 1e9,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    } catch (error) {
      if (error.status !== 3) throw error;
      return error.stdout;
    }
  };
}

function sizes(sesh, runs) {
  const { sessions } = JSON.parse(sesh(['judge', '--dry-run', '--json', '--last', '10000', '--samples', '1']));
  const tokens = sessions.map((session) => session.input_tokens).sort((a, b) => a - b);
  const raw = runs.map(({ bytes }) => Math.ceil(bytes / 4)).sort((a, b) => a - b);
  const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
  const row = (name, list) =>
    [name, at(list, 0.5), at(list, 0.95), at(list, 0.99), list.at(-1) ?? 0, list.reduce((a, b) => a + b, 0)].join('\t');
  console.log(`${sessions.length} of ${runs.length} runs can be judged\n\ntokens\tmedian\tp95\tp99\tmax\tsum`);
  console.log(`${row('raw', raw)}\n${row('all that is sent (prompt and schema included)', tokens)}`);
  console.log(
    'measured before on 312 runs: raw 13,400 / 71,000 / - / 186,000; transcript alone 4,200 / 14,900 / 28,000 / 77,000\n',
  );
}

function facts(sesh, runs) {
  const rows = JSON.parse(
    sesh([
      'sql',
      '--json',
      'select session_id, last_test, last_build, last_check_failed, changes from judge_facts',
      '--limit',
      '10000',
    ]),
  );
  const bySession = new Map(rows.map((row) => [row.session_id, row]));
  const judged = runs.flatMap((run) =>
    bySession.has(run.session) ? [{ ...run, facts: bySession.get(run.session) }] : [],
  );
  console.log('last test\truns\tresolved');
  for (const result of ['pass', 'fail', 'unclear', 'none']) {
    const own = judged.filter((run) => run.facts.last_test === result);
    console.log([result, own.length, own.filter(({ isResolved }) => isResolved).length].join('\t'));
  }
  const capped = judged.filter((run) => run.facts.last_check_failed);
  console.log(
    `\nlast check failed (caps at 3): ${capped.length}, of them resolved all the same: ${capped.filter(({ isResolved }) => isResolved).length}`,
  );
  console.log('\npredictor\taccuracy\tkappa\tprecision\trecall');
  for (const { name, row } of known) console.log(`${name}\t${row.join('\t')}`);
  print(
    'result says success',
    judged.map((run) => [run.saysSuccess, run.isResolved]),
  );
  print(
    'last test passed',
    judged.map((run) => [run.facts.last_test === 'pass', run.isResolved]),
  );
}

function live(sesh, runs, options) {
  sesh(['judge', '--last', '10000', '--samples', '1', '--yes', ...options]);
  const rows = JSON.parse(
    sesh(['sql', '--json', 'select session_id, score from judgments where score is not null', '--limit', '10000']),
  );
  const scores = new Map(rows.map((row) => [row.session_id, row.score]));
  const scored = runs.filter((run) => scores.has(run.session));
  print(
    `score of 4 or more (${scored.length} scored)`,
    scored.map((run) => [scores.get(run.session) >= 4, run.isResolved]),
  );
}

function print(name, pairs) {
  const count = (said, is) => pairs.filter((pair) => pair[0] === said && pair[1] === is).length;
  const [tp, fp, fn, tn] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const n = tp + fp + fn + tn;
  const accuracy = (tp + tn) / n;
  const chance = ((tp + fp) * (tp + fn) + (fn + tn) * (fp + tn)) / (n * n);
  const shown = [accuracy, (accuracy - chance) / (1 - chance), tp / (tp + fp), tp / (tp + fn)];
  console.log([name, ...shown.map((figure) => (Number.isFinite(figure) ? figure.toFixed(3) : '-'))].join('\t'));
}

main();
