// ccusage, a peer that only sums usage: run on the same files in the same minute.

import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, summarise } from './measure.mjs';

function find(env) {
  const folders = [join(import.meta.dirname, '..', '..', 'node_modules', '.bin'), ...(env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, 'ccusage')).find((path) => existsSync(path));
}

/** Its times and totals, or a sentence that says why there are none. */
export async function runPeer({ root, home, runs, env }) {
  const program = find(env);
  if (program === undefined)
    return { missing: 'ccusage is not installed (`npm install --no-save ccusage` brings it): no comparison.' };
  const peerEnv = {
    PATH: env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    CLAUDE_CONFIG_DIR: root,
    TZ: 'UTC',
  };
  try {
    const { stdout: version } = await run({ program, args: ['--version'], env: peerEnv });
    const args = ['claude', 'daily', '--offline', '--json'];
    const done = [];
    for (let index = 0; index < runs; index += 1) done.push(await run({ program, args, env: peerEnv }));
    const { totals } = JSON.parse(done[0].stdout);
    return { version: version.trim(), ...summarise(done), totals };
  } catch (error) {
    return { missing: `ccusage did not run: ${error.message.split('\n').join(' ')}` };
  }
}

/** One run of another program on the same files, as `--peer` names it. */
export function runNamedPeer({ program, args }, root, home) {
  mkdirSync(home, { recursive: true });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    CLAUDE_CONFIG_DIR: root,
    TZ: 'UTC',
  };
  return run({ program, args, env });
}
