// The transcripts to measure on: made once by size and seed, kept in the temporary folder, never changed.

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');

/** `$SESH_BENCH_GENERATOR`, else the shared one beside the repository, else our own small one. */
function generator(env) {
  const shared = join(repository, '..', 'shared', 'bench', 'generate-claude.mjs');
  if (env.SESH_BENCH_GENERATOR !== undefined) return env.SESH_BENCH_GENERATOR;
  return existsSync(shared) ? shared : join(import.meta.dirname, 'generate.mjs');
}

/** The folder of the transcripts and their known totals; made now when it is not there yet. */
export function corpusOf({ mb, seed, env, say }) {
  const program = generator(env);
  const folder = join(tmpdir(), 'sesh-bench', `${basename(program, '.mjs')}-${mb}mb-seed${seed}`);
  if (!existsSync(folder)) {
    say(`making ${mb} MB with ${basename(program)} ...`);
    const unfinished = `${folder}.${process.pid}`;
    execFileSync(process.execPath, [program, '--out', unfinished, '--mb', String(mb), '--seed', String(seed)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    renameSync(unfinished, folder);
  }
  const files = filesUnder(join(folder, 'projects'));
  const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0);
  return { folder, files, bytes, truth: JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) };
}

export function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Main session files spread evenly over the sorted list: small ones and large ones. */
export function pickSessions(files, count) {
  const sessions = files.filter((path) => !path.includes('subagents'));
  const step = sessions.length / count;
  return Array.from({ length: Math.min(count, sessions.length) }, (_, index) => sessions[Math.floor(index * step)]);
}

/** The same tree by hard links; only `growing` are copies, because they will be written to. */
export function linkedTree(corpus, target, growing) {
  rmSync(target, { recursive: true, force: true });
  for (const path of corpus.files) {
    const place = join(target, relative(corpus.folder, path));
    mkdirSync(dirname(place), { recursive: true });
    if (growing.includes(path)) copyFileSync(path, place);
    else linkSync(path, place);
  }
  return growing.map((path) => join(target, relative(corpus.folder, path)));
}

/** Reads everything once, so that the first run does not pay for a cold disk and the others not. */
export function warm(files) {
  for (const path of files) readFileSync(path);
}
