// Makes the program in dist/ out of src/: a few files, because reading hundreds of modules, each on its own, was a third of
// what a look-up takes. What a command does not need stays in files of its own, which are read when it is loaded.
// With --modules also dist/modules/, each module apart: for the scripts below test/ that use single ones.
// A sesh that runs meanwhile, of a cron job perhaps, finds its files: what did not change is not touched, what did is replaced in one step.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build } from 'rolldown';

const project = import.meta.dirname;
const dist = join(project, 'dist');
const modules = join(dist, 'modules');
const common = { cwd: project, platform: 'node', logLevel: 'warn', write: false };

const program = await build({
  ...common,
  input: {
    cli: 'src/cli.ts',
    start: 'src/start.ts',
    index: 'src/index.ts',
    worker: 'src/ingest/worker.ts',
    'sql-child': 'src/commands/sql-child.ts',
  },
  // Native, with files of their own, or only for those who judge.
  external: [/^@duckdb\/node-bindings/, '@pydantic/genai-prices', '@anthropic-ai/sdk', 'openai'],
  output: { entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
});
replace(dist, program.output);
chmodSync(join(dist, 'cli.js'), 0o755);

if (process.argv.includes('--modules')) {
  const files = readdirSync(join(project, 'src'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  const each = await build({
    ...common,
    input: Object.fromEntries(files.map((file) => [file.slice(0, -'.ts'.length), join('src', file)])),
    external: /^[^./]/,
    output: { preserveModules: true, preserveModulesRoot: 'src' },
  });
  replace(modules, each.output);
}

/** Makes these the files of the folder: new ones first, then those that are none any more go. */
function replace(folder, output) {
  for (const { fileName, code } of output) {
    const file = join(folder, fileName);
    if (existsSync(file) && readFileSync(file, 'utf8') === code) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, code);
    renameSync(`${file}.new`, file);
  }
  const made = new Set(output.map(({ fileName }) => join(folder, fileName)));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const isOther = folder === dist && !relative(modules, file).startsWith('..');
    if (entry.isFile() && !made.has(file) && !isOther) rmSync(file);
  }
}
