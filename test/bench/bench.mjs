// `npm run bench`: measures the built program on generated transcripts. README.md beside this file explains the flags.

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { budgetTable, BUDGET_MB, growthTable, peerTable, timesTable } from './budget.mjs';
import { coldObstacle, dropCaches } from './cold.mjs';
import { comparison } from './compare.mjs';
import { corpusOf, filesUnder, linkedTree, pickSessions, warm } from './corpus.mjs';
import { grow } from './grow.mjs';
import { blindSpots, run, summarise } from './measure.mjs';
import { runNamedPeer, runPeer } from './peer.mjs';

const GROWING_FILES = 10;
/** Fine, or done with data problems. */
const SYNC_OK = [0, 3];

const repository = join(import.meta.dirname, '..', '..');
const program = join(repository, 'dist', 'cli.js');
const say = (line) => process.stderr.write(`${line}\n`);
const print = (text) => process.stdout.write(`${text}\n\n`);

function options() {
  const { values } = parseArgs({
    options: {
      mb: { type: 'string', default: String(BUDGET_MB) },
      cold: { type: 'boolean', default: false },
      compare: { type: 'boolean', default: false },
      peer: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '5' },
      'first-runs': { type: 'string', default: '2' },
      'no-peer': { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const whole = (name) => {
    if (!/^[1-9]\d*$/.test(values[name]))
      throw new Error(`Expected --${name} to be a whole number above 0, got "${values[name]}"`);
    return Number(values[name]);
  };
  const sizes = values.mb.split(',');
  if (!sizes.every((mb) => /^[1-9]\d*$/.test(mb)))
    throw new Error(`Expected --mb to be whole numbers above 0, such as 205,1024, got "${values.mb}"`);
  const { save, keep, cold, compare } = values;
  return {
    sizes: sizes.map(Number),
    cold,
    compare,
    peers: values.peer.map(namedPeer),
    seed: whole('seed'),
    runs: whole('runs'),
    firstRuns: whole('first-runs'),
    peer: !values['no-peer'],
    save,
    keep,
  };
}

/** `NAME=PROGRAM ARGUMENTS`, as `--peer` names it. */
function namedPeer(text) {
  const [, name, line] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`Expected --peer NAME=PROGRAM, got "${text}"`);
  const [program, ...args] = line.split(' ');
  return { name, program, args };
}

/** The program on a machine of its own; returns what one run used. */
function seshOn(machine) {
  const env = {
    HOME: join(machine, 'home'),
    SESH_HOME: join(machine, 'store'),
    TZ: 'UTC',
    PATH: process.env.PATH,
    NO_COLOR: '1',
  };
  mkdirSync(env.HOME, { recursive: true });
  return (args, ok = [0]) => run({ program: process.execPath, args: [program, ...args], env, ok });
}

async function repeat(count, once) {
  const done = [];
  for (let index = 0; index < count; index += 1) done.push(await once());
  return summarise(done);
}

/** Compares the store's token totals with the known ones; a difference ends the benchmark, as its times mean nothing. */
async function checkTokens(sesh, expected, when) {
  const { stdout } = await sesh([
    'sql',
    '--format',
    'json',
    `select count(*)::double as "unique", sum(input_tokens)::double as "in",
       (sum(cache_write_5m_tokens) + sum(cache_write_1h_tokens))::double as cc,
       sum(cache_read_tokens)::double as cr, sum(output_tokens)::double as out_max
     from model_usage`,
  ]);
  const [found] = JSON.parse(stdout);
  const wrong = Object.keys(found).filter((key) => found[key] !== expected[key]);
  if (wrong.length === 0) return;
  const lines = wrong.map((key) => `  ${key}: expected ${expected[key]}, found ${found[key]}`);
  throw new Error(`WRONG TOKENS after ${when}\n${lines.join('\n')}`);
}

/** The day with the most sessions: a report of an empty day would be quick for nothing. */
async function busiestDay(sesh) {
  const query = `select strftime(day, '%Y-%m-%d') as day, strftime(day + interval 1 day, '%Y-%m-%d') as next
                 from daily order by sessions desc, day limit 1`;
  return JSON.parse((await sesh(['sql', '--format', 'json', query])).stdout)[0];
}

async function measure({ mb, seed, runs, firstRuns, peer: wantsPeer, peers: named, cold: wantsCold }, corpus, work) {
  const growing = pickSessions(corpus.files, GROWING_FILES);
  const tree = join(work, 'tree');
  const grownPaths = linkedTree(corpus, tree, growing);
  warm(corpus.files);
  const expected = { ...corpus.truth.dedup };
  const sync = ['sync', '--root', tree, '--json'];

  say('first sync ...');
  const machines = Array.from({ length: firstRuns }, (_, index) => join(work, `machine-${index}`));
  const first = [];
  for (const machine of machines) {
    first.push(await seshOn(machine)(sync, SYNC_OK));
    if (machine !== machines.at(-1)) rmSync(machine, { recursive: true });
  }
  const machine = machines.at(-1);
  const sesh = seshOn(machine);
  await checkTokens(sesh, expected, 'the first sync');
  const storeBytes = bytesUnder(join(machine, 'store'));
  const rawBytes = bytesUnder(join(machine, 'store', 'raw'));

  say('sync with nothing new ...');
  const noChange = await repeat(runs, () => sesh(sync, SYNC_OK));

  say('commands ...');
  const { day, next } = await busiestDay(sesh);
  const [{ session_id: id }] = JSON.parse(
    (await sesh(['sql', '--format', 'json', 'select session_id from sessions order by events desc limit 1'])).stdout,
  );
  say('first sync of a day ...');
  const narrow = join(work, 'machine-day');
  const firstOfDay = summarise([await seshOn(narrow)([...sync, '--since', day, '--until', next], SYNC_OK)]);
  rmSync(narrow, { recursive: true });
  const lines = {
    stats: ['stats'],
    'stats of a day': ['stats', '--since', day, '--until', next],
    sessions: ['sessions', '--limit', '20'],
    runs: ['runs'],
    show: ['show', id],
    report: ['report', '--stdout', '--since', day, '--until', next],
    sql: ['sql', 'select count(*) from friction'],
    version: ['--version'],
  };
  // The first look finds what is kept from then on; the median is of the later ones.
  const commands = { 'first sync of a day': firstOfDay, 'first look': summarise([await sesh(lines.report)]) };
  for (const [name, line] of Object.entries(lines)) {
    await sesh(line);
    commands[name] = await repeat(runs, () => sesh(line));
  }
  const cold = {};
  for (const [name, line] of Object.entries(wantsCold ? lines : {})) {
    cold[name] = await repeat(runs, () => {
      dropCaches();
      return sesh(line);
    });
  }
  const peers = {};
  for (const peer of named) {
    say(`${peer.name} ...`);
    peers[peer.name] = await repeat(runs, () => runNamedPeer(peer, tree, join(work, 'peer-home')));
  }

  const peer = wantsPeer ? await peerOf(tree, work) : { missing: 'ccusage was not asked (--no-peer).' };

  say(`sync after ${growing.length} files grew ...`);
  const grown = await repeat(runs, () => {
    grow(grownPaths, expected);
    return sesh(sync, SYNC_OK);
  });
  await checkTokens(sesh, expected, 'growth');
  commands['first look after growth'] = summarise([await sesh(lines.sql)]);

  say('vacuum ...');
  commands.vacuum = summarise([await sesh(['vacuum'])]);
  // The old files stay for a week; without them, and without what looks have kept since, the store is this large.
  await sesh(['vacuum', '--keep', '0d']);
  const vacuumedBytes = storeBytes - rawBytes + bytesUnder(join(machine, 'store', 'raw'));

  const size = { mb, seed, files: corpus.files.length, sourceBytes: corpus.bytes, storeBytes, vacuumedBytes };
  return {
    ...size,
    storeRatio: storeBytes / corpus.bytes,
    vacuumedRatio: vacuumedBytes / corpus.bytes,
    firstSync: summarise(first),
    noChange,
    grown,
    commands,
    cold,
    peers,
    peer,
  };
}

function bytesUnder(folder) {
  return filesUnder(folder).reduce((sum, path) => sum + statSync(path).size, 0);
}

function peerOf(tree, work) {
  say('ccusage ...');
  const home = join(work, 'peer-home');
  mkdirSync(home, { recursive: true });
  return runPeer({ root: tree, home, runs: 3, env: process.env });
}

function git(...args) {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();
}

function save(figures) {
  const where = {
    date: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD'),
    // The results of the sizes before are no change.
    dirty: git('status', '--porcelain', '--', '.', ':!test/bench/results.jsonl') !== '',
  };
  const machine = {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
  };
  appendFileSync(
    join(import.meta.dirname, 'results.jsonl'),
    `${JSON.stringify({ ...where, ...machine, ...figures })}\n`,
  );
}

function printFigures(figures, corpus) {
  const { mb, files, seed, sourceBytes, peer } = figures;
  print(
    `${mb} MB (${sourceBytes} bytes) in ${files} files, seed ${seed}; Node ${process.version}, ${availableParallelism()} cores; tokens right`,
  );
  print(budgetTable(figures));
  if (mb !== BUDGET_MB) print(`The budget speaks of ${BUDGET_MB} MB: no verdict at this size.`);
  print(timesTable(figures));
  if (peer.missing !== undefined) return print(peer.missing);
  print(peerTable(figures));
  const { in: input, out_max: output } = corpus.truth.dedup;
  const { inputTokens, outputTokens } = peer.totals;
  return print(
    `ccusage counted ${inputTokens} input and ${outputTokens} output tokens; true are ${input} and ${output}.`,
  );
}

async function main() {
  const chosen = options();
  if (chosen.compare) {
    print(comparison(join(import.meta.dirname, 'results.jsonl')));
    return;
  }
  if (!existsSync(program)) throw new Error('dist/cli.js is missing: run `npm run build` first');
  const obstacle = chosen.cold ? coldObstacle() : null;
  for (const sentence of [...blindSpots, ...(obstacle === null ? [] : [obstacle])]) say(sentence);
  const all = [];
  for (const mb of chosen.sizes) all.push(await runSize({ ...chosen, mb, cold: chosen.cold && obstacle === null }));
  if (all.length > 1) print(growthTable(all));
}

async function runSize(chosen) {
  const corpus = corpusOf({ mb: chosen.mb, seed: chosen.seed, env: process.env, say });
  // Beside the corpus, because hard links do not cross file systems.
  const work = mkdtempSync(join(tmpdir(), 'sesh-bench', 'work-'));
  try {
    const figures = await measure(chosen, corpus, work);
    printFigures(figures, corpus);
    if (chosen.save) save(figures);
    return figures;
  } finally {
    if (chosen.keep) say(`kept ${work}`);
    else rmSync(work, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
