// npm run eval:friction [-- --list FILE] [--store DIR]: how well do the rules name what went wrong? Syncs the corpus beside the project
// into a scratch folder (or takes a store that was synced from it), holds the incidents of tool results against
// fixtures/friction-labels.csv, and prints precision and recall per category. `--list` writes every disagreement to a
// file: it quotes transcripts, so it must lie outside the project. Exit code 1 when a category with enough labels misses
// the bar; 0 with "skipped" where the corpus is missing.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, figures, table } from './figures.mjs';
import { calledIn, parseLabels } from './labels.mjs';

const project = resolve(import.meta.dirname, '../..');
const corpus = realPath(resolve(project, '../shared/corpus'));
/** The labels call a command slow from here on. */
const LABELLED_SLOW_S = 120;
/** Snapshots repeat sessions under other paths, and synthetic files were not labelled. */
const roots = ['claude-code', 'codex', 'copilot', 'gemini', 'opencode', 'other'];

function realPath(path) {
  return existsSync(path) ? realpathSync(path) : path;
}

async function main() {
  const { values } = parseArgs({ options: { list: { type: 'string' }, store: { type: 'string' } } });
  if (!existsSync(corpus)) {
    console.log('skipped: there is no corpus beside the project.');
    return;
  }
  if (!existsSync(join(project, 'dist', 'cli.js'))) throw new Error('Run `npm run build` first.');
  if (values.list !== undefined && !relative(project, resolve(values.list)).startsWith('..')) {
    throw new Error('Expected --list to name a file outside the project: it quotes transcripts.');
  }
  const scratch = mkdtempSync(join(tmpdir(), 'sesh-eval-'));
  try {
    const store = values.store ?? syncedStore(scratch);
    report(await compareWithLabels(store), values.list);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function syncedStore(scratch) {
  const store = join(scratch, 'store');
  const env = { PATH: process.env.PATH, HOME: join(scratch, 'home'), SESH_HOME: store, TZ: 'UTC' };
  const where = roots.map((root) => join(corpus, root)).filter((root) => existsSync(root));
  const command = [join(project, 'dist', 'cli.js'), 'sync', ...where.flatMap((root) => ['--root', root])];
  try {
    execFileSync(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (error) {
    // Done with data problems: some files of the corpus are cut.
    if (error.status !== 3) throw error;
  }
  return store;
}

async function compareWithLabels(store) {
  const labels = parseLabels(readFileSync(join(project, 'fixtures', 'friction-labels.csv'), 'utf8'));
  const results = await labelledResults(store);
  return labels.map((label) => compare(label, calledIn(results.get(label.path) ?? [], label.callId)));
}

/** The calls of each file of the corpus, in the order of the file, with the incident that each one's result is. */
async function labelledResults(storeDir) {
  const { withViews, records } = await import('../../dist/modules/commands/views.js');
  const { settingsOf } = await import('../../dist/modules/commands/settings.js');
  const { everything } = await import('../../dist/modules/core/window.js');
  const settings = { ...settingsOf(everything, 'UTC'), slowCommandS: LABELLED_SLOW_S };
  const rows = await withViews({ storeDir, settings }, async ({ query }) => records(await query(RESULTS)));
  const byPath = new Map();
  for (const row of rows) {
    const path = relative(corpus, row.path);
    byPath.set(path, [...(byPath.get(path) ?? []), row]);
  }
  return byPath;
}

/**
 * A result that is no incident may still have run too long. The end of a command that went on after its call was answered is in the
 * output of the call that looked at it, which is what the label is about: the incident goes to that call.
 */
const RESULTS = `
  with calls as (from intermediate.call_outcomes where result_event_id is not null),
  ends as (
    select looks.event_id as look_id, calls.event_id as command_id
    from calls looks
    join calls on calls.source_id = looks.source_id and calls.result_source_line = looks.result_source_line
    where looks.tool_name = 'write_stdin' and calls.tool_name <> 'write_stdin'
  ),
  shown as (
    select
      calls.*,
      case when calls.event_id not in (select command_id from ends) then coalesce(ends.command_id, calls.event_id) end as shown_id
    from calls
    left join ends on ends.look_id = calls.event_id
  )
  select
    sources.path,
    shown.call_id,
    coalesce(incidents.category, slow.category) as category,
    coalesce(incidents.rule_id, slow.rule_id) as rule_id,
    left(coalesce(incidents.evidence, slow.evidence), 60) as evidence
  from shown
  join staging.sources sources using (source_id)
  left join calls on calls.event_id = shown.shown_id
  left join intermediate.incidents incidents on incidents.event_id = calls.result_event_id
  left join command_runs runs on runs.event_id = calls.event_id and runs.run = 1
  left join intermediate.incidents slow on slow.event_id = runs.run_id
  order by sources.path, shown.source_line, shown.call_id`;

function report(compared, list) {
  const found = figures(compared);
  console.log(table(found));
  const missing = compared.filter(({ got }) => got === null).length;
  if (missing > 0) console.log(`${missing} labelled results are not in the store (their agent cannot be read yet).`);
  const wrong = compared.filter(({ got, wanted }) => got !== null && got !== wanted);
  console.log(`${wrong.length} of ${compared.length - missing} compared results disagree with their label.`);
  if (list !== undefined) {
    const lines = wrong.map((one) => [one.path, one.callId, one.wanted, one.got, one.ruleId, one.evidence].join('\t'));
    writeFileSync(list, ['path\tcall_id\twanted\tgot\trule_id\tevidence', ...lines, ''].join('\n'));
  }
  const below = found.filter(({ passes }) => passes === false).map(({ category }) => category);
  if (below.length > 0) console.log(`Below the bar: ${below.join(', ')}.`);
  process.exitCode = below.length > 0 ? 1 : 0;
}

await main();
