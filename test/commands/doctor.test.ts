import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { scratchForFile } from '../helpers/scratch.ts';
import { syncStore } from '../helpers/store.ts';
import { runHere } from './run-here.ts';
import { writeTwoSessions } from './two-sessions.ts';

const machine = scratchForFile();
const store = join(machine, 'store');

const sesh = (...args: readonly string[]): ReturnType<typeof runHere> =>
  runHere(args, { env: { SESH_HOME: store }, home: join(machine, 'home') });

beforeAll(async () => {
  await syncStore({ store, roots: [writeTwoSessions(machine).transcripts] });
});

test('sesh doctor finds a sound store and the places that it searched', async () => {
  const { code, stdout } = await sesh('doctor', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    versions: { node: process.version },
    store,
    findings: expect.not.arrayContaining([expect.objectContaining({ level: 'error' })]),
    places: expect.arrayContaining([
      {
        agent: 'claude-code',
        path: join(machine, 'home', '.claude', 'projects'),
        origin: 'default',
        exists: false,
        files: 0,
      },
    ]),
  });
});

test('sesh doctor names kept rows that are not those which the view gives (T49)', async () => {
  await sesh('sessions');
  const folder = join(store, 'cache', 'views');
  const name = readdirSync(folder).find((file) => file.startsWith('intermediate-session_totals-')) ?? '';
  await withoutARow(join(folder, name));
  const { code, stdout } = await sesh('doctor', '--json');
  expect(code).toBe(3);
  const { findings }: { findings: readonly { level: string }[] } = JSON.parse(stdout);
  expect(findings.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      what: 'The kept rows of intermediate.session_totals are not those that it gives.',
      where: 'cache/views',
      next: 'Remove this folder: its rows are found again.',
    },
  ]);
});

/** The same file with one row less, as another program would write it. */
async function withoutARow(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`create table kept as from read_parquet('${file}') offset 1`);
  await connection.run(`copy kept to '${file}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
}
