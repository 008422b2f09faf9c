// npm run eval:redaction [-- --short --json]: how much of what is secret is found, and what is taken for a secret that is none. Plants
// real-shaped values of every rule in every position, syncs them with the built program, and looks for them in every derived
// table, the report and the text for the judge. Then the look-alikes, and the corpus beside the project where it is. `--short` leaves the
// corpus and the libraries out and makes the long lines shorter. Exit code 1 when a target is missed.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { positions, writer } from './positions.mjs';
import { inContext, lookalikes, Random, tokensOf } from './secrets.mjs';

const project = resolve(import.meta.dirname, '../../..');
const module = (path) => import(join(project, 'dist', 'modules', path));
const { values: flags } = parseArgs({
  options: { short: { type: 'boolean' }, json: { type: 'boolean' }, missed: { type: 'boolean' } },
});
const targets = { plain: 0.99, encoded: 0.95, falsePerMb: 1 };

async function main() {
  const { tokenFormats } = await module('core/redact/formats.js');
  const scratch = mkdtempSync(join(tmpdir(), 'sesh-redaction-'));
  try {
    const planted = plant(join(scratch, 'projects', '-home-ann-shop'), tokenFormats);
    const shown = await outputs(scratch);
    const cases = planted.map((item) => ({ ...item, found: !shown.derived.some((text) => leaks(text, item.value)) }));
    if (shown.derived[0] === '' || shown.report === '' || shown.wire === '')
      throw new Error('Expected texts to look through, got none.');
    const wire = planted.filter(({ value }) => leaks(shown.wire, value)).length;
    const report = planted.filter(({ value }) => leaks(shown.report, value)).length;
    const figures = {
      planted: planted.length,
      plain: recall(cases.filter(({ encoded }) => !encoded)),
      encoded: recall(cases.filter(({ encoded }) => encoded)),
      in_report: report,
      on_wire: wire,
      ...(await falsePositives(tokenFormats)),
      ...(flags.short ? {} : { libraries: await compareLibraries(tokenFormats), ...(await corpusFigures()) }),
    };
    if (flags.json) console.log(JSON.stringify(figures));
    else print(figures, cases);
    const missed = figures.plain < targets.plain || figures.encoded < targets.encoded || wire + report > 0;
    if (missed || figures.false_in_lookalikes > 0 || (figures.corpus?.per_mb ?? 0) > targets.falsePerMb)
      process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A file a position: what one position gives away must not help another. */
function plant(folder, formats) {
  mkdirSync(folder, { recursive: true });
  const planted = [];
  for (const [place, position] of positions.entries()) {
    const random = new Random(1000 + place);
    const sessionId = `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
    const write = writer(random, sessionId);
    const secrets = position.tokens ? tokensOf(formats, random) : [...tokensOf(formats, random), ...inContext(random)];
    // What the judge asks of a session before it looks at it.
    const lines = [
      write.prompt('Please set it up'),
      write.call('Bash', { command: 'ls' }),
      write.result('a'),
      write.reply('done'),
    ];
    for (const secret of secrets) {
      const long = position.name.endsWith('1 MB') && (flags.short || secret.id !== 'github');
      // One line of a whole megabyte is enough to show that length does not matter.
      const records = position.write(write, secret.text, long ? shortened(random) : random);
      if (position.name === 'wrapped at 80' && secret.text.includes('\n')) continue;
      lines.push(...records);
      planted.push({
        id: secret.id,
        position: position.name,
        encoded: position.encoded === true,
        value: secret.value.replaceAll('/', position.name === 'file name' ? '_' : '/'),
      });
    }
    writeFileSync(join(folder, `${sessionId}.jsonl`), `${lines.join('\n')}\n`);
  }
  return planted;
}

/** Fillers of 10 kB in place of a megabyte. */
function shortened(random) {
  return {
    below: (most) => random.below(most),
    text: (alphabet, length) => random.text(alphabet, Math.min(length, 10)),
  };
}

/** All, or a piece from the middle: half a secret is a leak. */
function leaks(text, value) {
  const piece =
    value.length >= 24 ? value.slice(Math.floor(value.length / 2) - 6, Math.floor(value.length / 2) + 6) : value;
  return text.includes(piece);
}

async function outputs(scratch) {
  const store = join(scratch, 'store');
  const env = {
    PATH: process.env.PATH,
    HOME: join(scratch, 'home'),
    SESH_HOME: store,
    TZ: 'UTC',
    SESH_NOW: '2026-02-06T00:00:00Z',
  };
  const run = (...args) => {
    try {
      return execFileSync(process.execPath, [join(project, 'dist', 'cli.js'), ...args], {
        env,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      // 3: done, but some of the data has problems.
      if (error.status === 3) return error.stdout;
      throw error;
    }
  };
  run('sync', '--root', join(scratch, 'projects'));
  const wire = run(
    'judge',
    '--dry-run',
    '--show-prompt',
    '--last',
    '50',
    '--provider',
    'openai-compatible',
    '--base-url',
    'http://127.0.0.1:9/v1',
    '--model',
    'm',
  );
  return {
    derived: await texts(store),
    report: run('report', '--since', 'all', '--stdout', '--privacy', 'full'),
    wire,
  };
}

/** Every text of the tables that are made from the archive. */
async function texts(store) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const all = [];
  for (const table of ['events', 'quarantine', 'verdicts']) {
    const files = existsSync(join(store, table))
      ? readdirSync(join(store, table), { recursive: true }).filter((name) => name.endsWith('.parquet'))
      : [];
    for (const file of files) {
      const reader = await connection.runAndReadAll(
        `from read_parquet('${join(store, table, file)}', hive_partitioning = false)`,
      );
      for (const row of reader.getRowsJson())
        for (const cell of row) if (typeof cell === 'string' && cell.length > 5) all.push(cell);
    }
  }
  return [all.join('\u0000')];
}

function recall(cases) {
  return cases.length === 0 ? 1 : cases.filter(({ found }) => found).length / cases.length;
}

async function falsePositives() {
  const { findSecrets } = await module('core/redact/find.js');
  const random = new Random(7);
  const found = Array.from({ length: 40 }, () => lookalikes(random))
    .flat()
    .filter((text) => findSecrets(text).length > 0);
  if (flags.missed) console.error(found.slice(0, 10));
  return { false_in_lookalikes: found.length };
}

/** What each detector sees of the bare secrets, by itself, and how quickly it reads ordinary text. */
async function compareLibraries(formats) {
  const { findSecrets } = await module('core/redact/find.js');
  const { findByLibrary } = await module('core/redact/library.js');
  const random = new Random(99);
  const secrets = [...tokensOf(formats, random), ...inContext(random)];
  const texts = secrets.map(({ text }) => `before ${text} after`);
  const covers = (found, text, value) =>
    found.some(({ start, end }) => start <= text.indexOf(value) + 4 && end >= text.indexOf(value) + value.length - 4);
  const library = await findByLibrary(texts);
  const ordinary = readFileSync(join(project, 'README.md'), 'utf8').repeat(60);
  const speed = async (find) => {
    await find(ordinary);
    const before = process.cpuUsage();
    for (let n = 0; n < 5; n += 1) await find(ordinary);
    const { user, system } = process.cpuUsage(before);
    return Math.round((5 * ordinary.length) / (user + system));
  };
  return {
    own: {
      recall: recall(texts.map((text, index) => ({ found: covers(findSecrets(text), text, secrets[index].value) }))),
      mb_per_s: await speed(findSecrets),
    },
    secretlint: {
      recall: recall(texts.map((text, index) => ({ found: covers(library[index], text, secrets[index].value) }))),
      mb_per_s: await speed((text) => findByLibrary([text])),
    },
  };
}

/** Marks in a megabyte of the real transcripts beside the project, and how quickly they are looked through. */
async function corpusFigures() {
  const corpus = resolve(project, '../shared/corpus');
  if (!existsSync(corpus)) return {};
  const { findSecrets } = await module('core/redact/find.js');
  let [bytes, found, micros] = [0, 0, 0];
  const files = readdirSync(corpus, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.jsonl?$/.test(entry.name),
  );
  for (const { parentPath, name } of files) {
    for (const line of readFileSync(join(parentPath, name), 'utf8').split('\n')) {
      const texts = [...strings(parsed(line))];
      const before = process.cpuUsage();
      for (const text of texts) found += findSecrets(text).length;
      const { user, system } = process.cpuUsage(before);
      micros += user + system;
      bytes += texts.reduce((sum, text) => sum + text.length, 0);
    }
  }
  const megabytes = bytes / 1e6;
  return {
    corpus: {
      megabytes: Math.round(megabytes),
      found,
      per_mb: Number((found / megabytes).toFixed(2)),
      mb_per_s: Math.round(bytes / micros),
    },
  };
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function* strings(value) {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* strings(item);
}

function print(figures, cases) {
  const percent = (part) => `${(100 * part).toFixed(1)} %`;
  const by = (name) =>
    Object.entries(Object.groupBy === undefined ? grouped(cases, name) : Object.groupBy(cases, (item) => item[name]));
  console.log('recall by position');
  for (const [position, of] of by('position'))
    console.log(`  ${position.padEnd(22)} ${percent(recall(of)).padStart(8)}  of ${of.length}`);
  console.log('kinds that were missed somewhere');
  for (const [id, of] of by('id').filter(([, of]) => recall(of) < 1)) {
    console.log(
      `  ${id.padEnd(26)} ${percent(recall(of)).padStart(8)}  missed: ${of
        .filter(({ found }) => !found)
        .map(({ position }) => position)
        .join(', ')}`,
    );
  }
  console.log(
    `plain ${percent(figures.plain)} (target ${percent(targets.plain)}), encoded once ${percent(figures.encoded)} (target ${percent(targets.encoded)}), of ${figures.planted} planted`,
  );
  console.log(
    `in the report ${figures.in_report}, in the text for the judge ${figures.on_wire}; look-alikes taken for secrets: ${figures.false_in_lookalikes}`,
  );
  for (const [name, { recall: part, mb_per_s: speed }] of Object.entries(figures.libraries ?? {}))
    console.log(`${name}: ${percent(part)} of bare secrets, ${speed} MB/s`);
  if (figures.corpus !== undefined)
    console.log(
      `corpus: ${figures.corpus.found} findings in ${figures.corpus.megabytes} MB, ${figures.corpus.per_mb} per MB, ${figures.corpus.mb_per_s} MB/s`,
    );
}

function grouped(items, name) {
  const groups = {};
  for (const item of items) (groups[item[name]] ??= []).push(item);
  return groups;
}

await main();
