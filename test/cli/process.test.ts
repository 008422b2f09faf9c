import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { repository, runCli } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';

const program = join(repository, 'dist', 'cli.js');
const withoutEngine = {
  env: { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'refuse-engine.mjs')).href}` },
};

describe('start-up', () => {
  test.each([['--version'], ['--help'], ['sync', '--help'], ['sql', '--help'], ['completion']])(
    '%s %s loads neither the engine nor a model SDK',
    async (...args) => {
      const { code, stderr } = await runCli(args, withoutEngine);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    },
  );

  test('a command that needs the engine shows that the guard would bite', async () => {
    const { code, stderr } = await runCli(['runs'], withoutEngine);
    expect(code).toBe(1);
    expect(stderr).toContain('loaded @duckdb/node-bindings');
  });

  test('--version is the number in package.json', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });
});

describe('the end of the process', () => {
  test('a reader that goes away ends it quietly', async () => {
    const child = spawn(process.execPath, [program, '--help'], { env: { HOME: scratch() } });
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with %d', async (signal, expected) => {
    const child = spawn(process.execPath, [program, 'sql'], { env: { HOME: scratch() } });
    child.stdin.on('error', () => undefined);
    // More than a pipe holds: once it has been taken, the command is at work and waits for the rest.
    child.stdin.write(' '.repeat(1_000_000));
    await once(child.stdin, 'drain');
    child.kill(signal);
    const [code, killedBy] = await once(child, 'close');
    expect({ code, killedBy }).toEqual({ code: expected, killedBy: null });
  });
});

test('nothing but the terminal, the progress bar, the question for consent and the entry touches the streams of the process (T23)', () => {
  const source = join(repository, 'src');
  const speaking = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) =>
      /\bconsole\.|\bstd(out|err)\.write|process\.std(out|err)/.test(readFileSync(join(source, name), 'utf8')),
    );
  expect(speaking.toSorted()).toEqual(['cli.ts', 'commands/progress.ts', 'commands/question.ts', 'commands/world.ts']);
});
