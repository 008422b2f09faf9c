import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { repository } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';

const read = (name: string): string => readFileSync(join(repository, name), 'utf8');
const Versions = z.record(z.string(), z.string());
const Manifest = z.object({
  scripts: Versions,
  dependencies: Versions,
  devDependencies: Versions,
  private: z.boolean(),
});
const Entry = z.object({
  version: z.string(),
  resolved: z.string().optional(),
  integrity: z.string(),
  license: z.string(),
  link: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  dev: z.boolean().optional(),
});
const Lock = z.object({ packages: z.record(z.string(), z.json()) });

const manifest = Manifest.parse(JSON.parse(read('package.json')));
const { '': lockRoot, ...lockEntries } = Lock.parse(JSON.parse(read('package-lock.json'))).packages;
const locked = Object.entries(lockEntries).map(([path, entry]) => ({ path, ...Entry.parse(entry) }));

describe('the packages that sesh asks for (T46)', () => {
  // Each of them is code that reads everybody's transcripts. Whoever adds one writes it here, too, and says why in the commit.
  test('are these, and no more, when it runs (T46)', () =>
    expect(Object.keys(manifest.dependencies)).toEqual([
      '@anthropic-ai/sdk',
      '@duckdb/node-api',
      '@duckdb/node-bindings',
      '@pydantic/genai-prices',
      '@secretlint/secretlint-rule-preset-recommend',
      'cli-progress',
      'fzstd',
      'node-sqlite3-wasm',
      'openai',
      'p-queue',
      'string-width',
      'yaml',
      'yargs',
      'zod',
    ]));

  test('are these, and no more, to develop it (T46)', () =>
    expect(Object.keys(manifest.devDependencies)).toEqual([
      '@secretlint/types',
      '@types/cli-progress',
      '@types/node',
      '@types/yargs',
      'dependency-cruiser',
      'fast-check',
      'knip',
      'markdown-it',
      'oxlint',
      'oxlint-tsgolint',
      'prettier',
      'rolldown',
      'typescript',
      'vitest',
    ]));

  test('bring at most this many others along (T46)', () => {
    const running = locked.filter(({ dev, path }) => dev !== true && !path.includes('/node-bindings-'));
    expect(running.length).toBeLessThanOrEqual(46);
    expect(locked.length).toBeLessThanOrEqual(270);
  });

  test('have one exact version each, the one that is locked (T46)', () => {
    const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    const exact = new Set(locked.map(({ path, version }) => `${path}@${version}`));
    expect(asked.filter(([name, version]) => !exact.has(`node_modules/${name}@${version}`))).toEqual([]);
    expect(lockRoot).toMatchObject({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });
});

describe('the lock file (T46)', () => {
  test('holds a strong hash of every package (T46)', () =>
    expect(locked.filter(({ integrity }) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))).toEqual([]));

  test('names no place of its own to fetch a package from (T46)', () =>
    expect(locked.filter(({ resolved, link }) => resolved !== undefined || link === true)).toEqual([]));

  test('holds the engine for every system, each with its hash (T46)', () =>
    expect(locked.map(({ path }) => path.split('/node-bindings-')[1]).filter(Boolean)).toEqual([
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-arm64-musl',
      'linux-x64',
      'linux-x64-musl',
      'win32-arm64',
      'win32-x64',
    ]));
});

test('no package runs code when it is installed, and neither does sesh (T46)', () => {
  expect(locked.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  const hooks = /^(pre|post)|^(install|prepare|prepublish|prepublishOnly|prepack|dependencies)$/;
  expect(Object.keys(manifest.scripts).filter((name) => hooks.test(name))).toEqual([]);
});

test('npm is told to run no scripts, to save exact versions, and to take nothing from git or of this week (T46)', () => {
  const settings = read('.npmrc')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'));
  expect(settings).toEqual(['ignore-scripts=true', 'save-exact=true', 'allow-git=none', 'min-release-age=7']);
});

test('what runs has a licence that lets it be used by anybody', () => {
  const licences = locked.filter(({ dev }) => dev !== true).map(({ license }) => license);
  expect([...new Set(licences)].toSorted()).toEqual(['Apache-2.0', 'ISC', 'MIT', 'Unlicense']);
});

test('THIRD-PARTY.md lists every package with its licence; `npm run licences` writes it', () => {
  const program = join(repository, 'test', 'tooling', 'licences.mjs');
  const { stdout } = spawnSync(process.execPath, [program, '--print'], { encoding: 'utf8' });
  expect(read('THIRD-PARTY.md')).toBe(stdout);
});

test('sync and report work where the client libraries of models are not installed (T48)', () => {
  const folder = scratch();
  for (const name of ['dist', 'sql', 'package.json', 'fixtures/demo']) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name === 'openai' || name === '@anthropic-ai' || name.startsWith('.')) continue;
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const sesh = (...args: readonly string[]): { readonly status: number | null; readonly stderr: string } => {
    const env = { HOME: folder, SESH_HOME: join(folder, 'store'), TZ: 'UTC' };
    return spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: folder, env, encoding: 'utf8' });
  };
  for (const args of [
    ['sync', '--root', 'fixtures/demo'],
    ['report', '--since', 'all', '--stdout'],
  ]) {
    const { status, stderr } = sesh(...args);
    expect({ status, missing: /Cannot find|ERR_MODULE/.exec(stderr) }).toEqual({ status: 0, missing: null });
  }
});
