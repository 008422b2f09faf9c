import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { repository } from '../helpers/cli.ts';

test('a process that ended before it was asked is told of, and nobody waits for it', () => {
  const module = pathToFileURL(join(repository, 'dist/modules/commands/sql-process.js')).href;
  const script = `
    import { setTimeout as sleep } from 'node:timers/promises';
    import { startChild } from ${JSON.stringify(module)};
    const child = startChild();
    child.stop();
    await sleep(Number(process.argv[1]));
    await child.ask({}, 1).catch((error) => console.log(error.message));`;
  for (const waitMs of ['0', '300']) {
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script, waitMs], { encoding: 'utf8' });
    expect(said).toBe('The statement ended the process that ran it (SIGKILL); the store is unharmed.\n');
  }
});
