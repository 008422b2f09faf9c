// Makes the program in dist/ out of src/: a few files, because reading hundreds of modules, each on its own, was a third of
// what a look-up takes. What a command does not need stays in files of its own, which are read when it is loaded.
// With --modules also dist/modules/, each module apart: for the scripts below test/ that use single ones.
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';

const project = import.meta.dirname;

/** Native, with files of their own, or only for those who judge. */
const apart = [/^@duckdb\/node-bindings/, '@pydantic/genai-prices', '@anthropic-ai/sdk', 'openai'];
const common = { cwd: project, platform: 'node', logLevel: 'warn' };

await build({
  ...common,
  input: {
    cli: 'src/cli.ts',
    start: 'src/start.ts',
    index: 'src/index.ts',
    worker: 'src/ingest/worker.ts',
    'sql-child': 'src/commands/sql-child.ts',
  },
  external: apart,
  output: { dir: 'dist', cleanDir: true, entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
});
chmodSync(join(project, 'dist', 'cli.js'), 0o755);

if (process.argv.includes('--modules')) {
  const files = readdirSync(join(project, 'src'), { recursive: true }).filter((file) => file.endsWith('.ts'));
  await build({
    ...common,
    input: Object.fromEntries(files.map((file) => [file.slice(0, -'.ts'.length), join('src', file)])),
    external: /^[^./]/,
    output: { dir: 'dist/modules', preserveModules: true, preserveModulesRoot: 'src' },
  });
}
