// npm run conformance [-- STORE]: does a reader that is not ours (the `deltalake` package of PyPI, which is Delta's Rust library) see the same
// tables? Opens the given store, or one made from fixtures/demo, and a table with removed files and checkpoints, also after
// the commits before the checkpoint are gone. Exit code 1 when anything differs; 0 with "skipped" where Python or the package is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(import.meta.dirname, '../..');
const packages = ['deltalake>=1,<2', 'pyarrow'];

async function main() {
  if (!existsSync(join(project, 'dist', 'cli.js'))) throw new Error('Run `npm run build` first.');
  const python = findPython();
  if (python === null) return;
  const scratch = mkdtempSync(join(tmpdir(), 'sesh-conformance-'));
  try {
    await compareAll(python, scratch, process.argv[2]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What is imported from here on needs `dist`. */
async function compareAll(python, scratch, given) {
  const { makeStore } = await import('./made-store.mjs');
  const { summarise } = await import('./summary.mjs');
  const made = await makeStore(join(scratch, 'made'));
  const stores = [
    given === undefined
      ? { what: 'fixtures/demo', directory: demoStore(join(scratch, 'demo')) }
      : { what: given, directory: resolve(given) },
    { what: 'many commits', directory: made },
    { what: 'many commits, from the checkpoint', directory: fromCheckpoint(made, join(scratch, 'from-checkpoint')) },
  ];
  for (const { what, directory } of stores) {
    console.log(`${what}:`);
    const summary = join(scratch, 'summary.json');
    writeFileSync(summary, JSON.stringify(await summarise(directory)));
    const { status } = spawnSync(python, [join(import.meta.dirname, 'check.py'), summary], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

function demoStore(home) {
  const env = { ...process.env, HOME: home, SESH_HOME: join(home, 'store') };
  execFileSync(process.execPath, [join(project, 'dist/cli.js'), 'sync', '--root', join(project, 'fixtures/demo')], {
    env,
    stdio: 'ignore',
  });
  return join(home, 'store');
}

/** A copy without the cache and without every commit that the newest checkpoint stands for. */
function fromCheckpoint(store, copy) {
  cpSync(store, copy, { recursive: true });
  rmSync(join(copy, 'cache'), { recursive: true });
  for (const table of ['events', 'raw']) {
    const log = join(copy, table, '_delta_log');
    const newest = readdirSync(log)
      .filter((name) => name.endsWith('.checkpoint.parquet'))
      .sort()
      .at(-1);
    for (const name of readdirSync(log)) if (name.slice(0, 20) < newest.slice(0, 20)) rmSync(join(log, name));
  }
  return copy;
}

/** A Python that has the package: the system's, else one in a virtual environment beside the other caches of the project. */
function findPython() {
  if (canImport('python3')) return 'python3';
  const environment = join(project, 'node_modules/.cache/conformance-python');
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (canImport(python)) return python;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  const steps = [
    { program: 'python3', args: ['-m', 'venv', environment], problem: 'Python 3 with venv is missing' },
    { program: python, args: install, problem: 'deltalake could not be installed' },
  ];
  for (const { program, args, problem } of steps) {
    if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) continue;
    console.log(`skipped: ${problem}.`);
    return null;
  }
  return python;
}

function canImport(python) {
  return spawnSync(python, ['-c', 'import deltalake, pyarrow.dataset'], { stdio: 'ignore' }).status === 0;
}

await main();
