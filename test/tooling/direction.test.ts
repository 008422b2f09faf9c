import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';

const Cruise = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** Runs dependency-cruiser with the project's rules over `folder`/src. */
async function cruise(folder: string): Promise<z.infer<typeof Cruise>['summary']> {
  const program = join(repository, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = join(repository, '.dependency-cruiser.mjs');
  const args = [program, 'src', '--config', config, '--output-type', 'json'];
  const json = await new Promise<string>((resolve, reject) => {
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    // A breach makes the exit code the number of breaches; only a run without any output has failed.
    execFile(process.execPath, args, options, (error, stdout) =>
      stdout === '' ? reject(error ?? new Error('dependency-cruiser printed nothing')) : resolve(stdout),
    );
  });
  return Cruise.parse(JSON.parse(json)).summary;
}

/** Breaches in a project that holds only these imports, as `rule: from -> to`. */
async function breaches(imports: readonly (readonly [from: string, to: string])[]): Promise<string[]> {
  const folder = scratch();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('tsconfig.json', '{"compilerOptions":{"module":"NodeNext","allowImportingTsExtensions":true,"noEmit":true}}');
  const packages = ['@anthropic-ai/sdk', 'openai', 'p-queue', 'left-alone'];
  const names = JSON.stringify(Object.fromEntries(packages.map((name) => [name, '1.0.0'])));
  write('package.json', `{"name":"scratch","type":"module","dependencies":${names}}`);
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, `{"name":"${name}","version":"1.0.0","exports":"./index.js"}`);
    write(`node_modules/${name}/index.js`, 'export const value = 1;\n');
  }
  for (const [, to] of imports) if (to.startsWith('src/')) write(to, 'export const value = 1;\n');
  for (const [from, to] of imports) {
    const up = '../'.repeat(from.split('/').length - 1);
    write(from, `import { value } from '${to.startsWith('src/') ? `${up}${to}` : to}';\nexport const here = value;\n`);
  }
  const { violations } = await cruise(folder);
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).toSorted();
}

describe('the direction of imports is a rule that bites', () => {
  it('lets rooms import what stands before them', async () => {
    const allowed = [
      ['src/agents/claude-code/adapt.ts', 'src/core/event.ts'],
      ['src/agents/claude-code/index.ts', 'src/agents/agent.ts'],
      ['src/agents/index.ts', 'src/agents/codex/index.ts'],
      ['src/discover/discover.ts', 'src/agents/roots.ts'],
      ['src/ingest/sync.ts', 'src/lake/publish.ts'],
      ['src/ingest/pace.ts', 'p-queue'],
      ['src/views/load.ts', 'src/lake/schema.ts'],
      ['src/report/report.ts', 'src/lake/files.ts'],
      ['src/judge/provider.ts', '@anthropic-ai/sdk'],
      ['src/commands/report.ts', 'src/views/query.ts'],
      ['src/cli.ts', 'src/commands/program.ts'],
    ] as const;
    expect(await breaches(allowed)).toEqual([]);
  });

  it('refuses each step back, each neighbour and each package out of place', async () => {
    const forbidden = [
      ['src/agents/claude-code/adapt.ts', 'src/agents/codex/shapes.ts'],
      ['src/agents/gptme.ts', 'src/read/lines.ts'],
      ['src/cli.ts', 'src/views/query.ts'],
      ['src/core/session.ts', 'src/agents/agent.ts'],
      ['src/core/file.ts', 'node:fs'],
      ['src/discover/walk.ts', 'src/ingest/plan.ts'],
      ['src/ingest/worker.ts', 'src/views/load.ts'],
      ['src/lake/publish.ts', 'src/ingest/job.ts'],
      ['src/read/guard.ts', 'src/discover/roots.ts'],
      ['src/report/chart.ts', 'src/judge/score.ts'],
      ['src/report/queue.ts', 'p-queue'],
      ['src/commands/ask.ts', 'openai'],
      ['src/views/rows.ts', 'src/lake/vacuum.ts'],
    ] as const;
    expect(await breaches(forbidden)).toEqual([
      'agents-apart: src/agents/claude-code/adapt.ts -> src/agents/codex/shapes.ts',
      'core-is-pure: src/core/file.ts -> fs',
      'direction-agents: src/agents/gptme.ts -> src/read/lines.ts',
      'direction-core: src/core/session.ts -> src/agents/agent.ts',
      'direction-discover: src/discover/walk.ts -> src/ingest/plan.ts',
      'direction-entry: src/cli.ts -> src/views/query.ts',
      'direction-ingest: src/ingest/worker.ts -> src/views/load.ts',
      'direction-lake: src/lake/publish.ts -> src/ingest/job.ts',
      'direction-read: src/read/guard.ts -> src/discover/roots.ts',
      'direction-report: src/report/chart.ts -> src/judge/score.ts',
      'direction-views: src/views/rows.ts -> src/lake/vacuum.ts',
      'package-model-sdk: src/commands/ask.ts -> node_modules/openai/index.js',
      'package-queue: src/report/queue.ts -> node_modules/p-queue/index.js',
    ]);
  });

  it('refuses a cycle', async () => {
    const cycle = [
      ['src/lake/log.ts', 'src/lake/publish.ts'],
      ['src/lake/publish.ts', 'src/lake/log.ts'],
    ] as const;
    // A cycle is reported once, at the first of its files.
    expect(await breaches(cycle)).toEqual(['no-cycle: src/lake/log.ts -> src/lake/publish.ts']);
  });

  // With a TypeScript that it cannot use, dependency-cruiser finds no module and reports success.
  it('really looks at the sources', async () => {
    const { totalCruised } = await cruise(repository);
    expect(totalCruised).toBeGreaterThan(50);
  });
});
