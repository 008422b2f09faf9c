import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asArray, asObject, type Json } from '../../src/core/json.ts';
import { minute, promptLine, sessionNumber, turn, uuidNumber, writeLines } from '../helpers/claude.ts';
import { runCli } from '../helpers/cli.ts';
import { scratch } from '../helpers/scratch.ts';

test('damage is told with its place and what to do, by sync, by doctor and by a view (F47, F54)', async () => {
  const machine = scratch();
  const file = join(machine, 'home', '.claude', 'projects', '-home-ann-shop', `${sessionNumber(1)}.jsonl`);
  const torn = promptLine({ session: sessionNumber(1), uuid: uuidNumber(9), at: minute(9) }, 'lost').slice(0, 80);
  writeLines(file, [...turn(sessionNumber(1), 1), 'not json', `${torn}${turn(sessionNumber(1), 2)[0] ?? ''}`]);
  const packed = join(machine, 'home', '.claude', 'projects', '-home-ann-shop', `${sessionNumber(2)}.jsonl.gz`);
  writeFileSync(packed, 'no archive');
  const synced = await runCli(['sync'], { machine });
  expect(synced.code).toBe(3);
  expect(synced.stderr).toContain(`${file}:3 (8 B from byte `);
  expect(synced.stderr).toContain(': no JSON.');
  expect(synced.stderr).toContain(`${file}:4 (80 B from byte `);
  expect(synced.stderr).toContain('sesh sql "from quarantined"');
  expect(synced.stderr).toContain(`Skipped: ${packed} is not complete`);
  const { stdout } = await runCli(['sql', '--json', 'select source_line, reason, begins_with from quarantined'], {
    machine,
  });
  const rows: Json = JSON.parse(stdout);
  expect(asArray(rows)?.map((row) => asObject(row)?.['reason'])).toEqual(['not_json', 'cut_record']);
  const doctor = await runCli(['doctor'], { machine });
  expect([doctor.code, doctor.stderr]).toEqual([0, '']);
  expect(doctor.stdout).toContain(`warning ${file}:3: Parts of 1 transcripts could not be read (2 spans)`);
});

test('an agent of which too little is understood is named, and ends a strict sync with 3 (F56)', async () => {
  const machine = scratch();
  const folder = join(machine, 'home', '.claude', 'projects', '-home-ann-shop');
  mkdirSync(folder, { recursive: true });
  const strange = `{"type":"hologram","sessionId":"${sessionNumber(1)}","uuid":"h","timestamp":"${minute(3)}"}`;
  const known = Array.from({ length: 10 }, (_, n) => turn(sessionNumber(1), n)).flat();
  // One of 31 events is 3.2 %, two of 32 are 6.3 %.
  writeLines(join(folder, `${sessionNumber(1)}.jsonl`), [...known, strange]);
  const fine = await runCli(['sync', '--strict'], { machine });
  expect([fine.code, fine.stderr]).toEqual([0, '']);
  writeLines(join(folder, `${sessionNumber(1)}.jsonl`), [...known, strange, strange.replace('"h"', '"i"')]);
  const lax = await runCli(['sync'], { machine, env: { SESH_HOME: join(machine, 'other') } });
  expect(lax.code).toBe(0);
  expect(lax.stderr).toContain('2 of 32 events of claude-code are of types that this version does not know');
  expect((await runCli(['sync', '--strict'], { machine })).code).toBe(3);
});
