// npm run heavy [-- NAME ...]: what is too large for `npm test`: lines up to 3 GB, 100,000 files, a million events or 1 GB in one file
// (faults F38, F48). Each is synced by the program itself; its lines must come out as counted, the record behind the long line
// must be read, and no run may use more memory than the bound. Prints a table; exit code 1 when something does not hold.

import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../bench/measure.mjs';

const MB = 1024 * 1024;
const GIGABYTE_LINES = 80_000;
const session = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const record = (n, line, content) =>
  JSON.stringify({
    type: 'user',
    sessionId: session(n),
    uuid: `aaaaaaaa-0000-4000-8000-${String(line).padStart(12, '0')}`,
    timestamp: new Date(Date.UTC(2026, 1, 5, 10) + (line % 80_000) * 1000).toISOString(),
    cwd: '/home/ann/shop',
    message: { role: 'user', content },
  });

/** A line of so many bytes between two records: a whole record, or bytes that are never written (a hole). */
function longLine(bytes, isRecord) {
  return (folder) => {
    const file = openSync(join(folder, `${session(1)}.jsonl`), 'w');
    writeSync(file, `${record(1, 1, 'before')}\n`);
    if (isRecord) writeSync(file, `${record(1, 2, 'x'.repeat(bytes))}\n`);
    else {
      const start = Buffer.byteLength(`${record(1, 1, 'before')}\n`);
      ftruncateSync(file, start + bytes);
      writeSync(file, '\n', start + bytes);
    }
    const end = statSync(join(folder, `${session(1)}.jsonl`)).size;
    writeSync(file, `${record(1, 3, 'after')}\n`, end);
    closeSync(file);
  };
}

function manyFiles(count) {
  return (folder) => {
    for (let n = 0; n < count; n += 1) write(join(folder, `${session(n)}.jsonl`), `${record(n, n, 'hello')}\n`);
  };
}

function manyLines(count) {
  return (folder) => {
    const file = openSync(join(folder, `${session(1)}.jsonl`), 'w');
    for (let line = 0; line < count; line += 1000) {
      writeSync(file, Array.from({ length: 1000 }, (_, n) => `${record(1, line + n, 'a line')}\n`).join(''));
    }
    closeSync(file);
  };
}

/** A gigabyte in one file, 12 kB a line: what tools answered, of which little is kept, or what a person typed, of which all is. */
function gigabyte(contentOf) {
  return (folder) => {
    const file = openSync(join(folder, `${session(1)}.jsonl`), 'w');
    const body = 'src/shop/cart.ts:12: total += price * count // rounding\n'.repeat(220);
    for (let line = 0; line < GIGABYTE_LINES; line += 100) {
      const lines = Array.from({ length: 100 }, (_, n) =>
        record(1, line + n, contentOf(line + n, `${line + n} ${body}`)),
      );
      writeSync(file, `${lines.join('\n')}\n`);
    }
    closeSync(file);
  };
}

const answered = (line, content) => [{ type: 'tool_result', tool_use_id: `toolu_${line}`, content }];
const typed = (_, content) => content;

function write(file, text) {
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, text);
  closeSync(descriptor);
}

const read = { total: 3, records: 3, quarantined: 0 };
const setAside = { total: 3, records: 2, quarantined: 1 };
const cases = [
  { name: 'line-1MB', make: longLine(MB, true), lines: read, mostMb: 700 },
  { name: 'line-17MB', make: longLine(17 * MB, true), lines: read, mostMb: 700 },
  { name: 'line-64MB', make: longLine(64 * MB, true), lines: read, mostMb: 900 },
  { name: 'line-100MB', make: longLine(100 * MB, true), lines: read, mostMb: 1100 },
  { name: 'line-140MB', make: longLine(140 * MB, true), lines: setAside, mostMb: 700 },
  { name: 'line-600MB', make: longLine(600 * MB, false), lines: setAside, mostMb: 700 },
  { name: 'line-3GB', make: longLine(3000 * MB, false), lines: setAside, mostMb: 700 },
  {
    name: 'files-10000',
    make: manyFiles(10_000),
    lines: { total: 10_000, records: 10_000, quarantined: 0 },
    mostMb: 900,
  },
  {
    name: 'files-100000',
    make: manyFiles(100_000),
    lines: { total: 100_000, records: 100_000, quarantined: 0 },
    mostMb: 1500,
  },
  {
    name: 'events-100000',
    make: manyLines(100_000),
    lines: { total: 100_000, records: 100_000, quarantined: 0 },
    mostMb: 900,
  },
  {
    name: 'events-1000000',
    make: manyLines(1_000_000),
    lines: { total: 1e6, records: 1e6, quarantined: 0 },
    mostMb: 1500,
  },
  {
    name: 'file-1GB-typed',
    make: gigabyte(typed),
    lines: { total: GIGABYTE_LINES, records: GIGABYTE_LINES, quarantined: 0 },
    mostMb: 1000,
  },
  {
    name: 'file-1GB',
    make: gigabyte(answered),
    args: ['--memory', '512MiB'],
    lines: { total: GIGABYTE_LINES, records: GIGABYTE_LINES, quarantined: 0 },
    mostMb: 560,
  },
];

const wanted = process.argv.slice(2);
for (const { name, make, args: given = [], lines, mostMb } of cases.filter(
  (each) => wanted.length === 0 || wanted.includes(each.name),
)) {
  const machine = mkdtempSync(join(tmpdir(), 'sesh-heavy-'));
  try {
    const folder = join(machine, 'home', '.claude', 'projects', '-home-ann-shop');
    mkdirSync(folder, { recursive: true });
    make(folder);
    const env = { HOME: join(machine, 'home'), SESH_HOME: join(machine, 'store'), TZ: 'UTC', PATH: process.env.PATH };
    const args = [join(import.meta.dirname, '../../dist/cli.js'), 'sync', '--json', ...given];
    const first = await run({ program: process.execPath, args, env, ok: [0, 3] });
    const again = await run({ program: process.execPath, args, env, ok: [0, 3] });
    const summary = JSON.parse(first.stdout);
    const wrong = Object.keys(lines).filter((key) => summary.lines[key] !== lines[key]);
    const bad = [
      ...wrong.map((key) => `${key} is ${summary.lines[key]}, not ${lines[key]}`),
      ...summary.problems,
      ...(JSON.parse(again.stdout).lines.total > 0 ? ['the second sync read something'] : []),
      ...(first.rssMb !== null && first.rssMb > mostMb ? [`used more than ${mostMb} MB`] : []),
    ];
    const figures = `${first.wallS.toFixed(1)} s, ${first.cpuS?.toFixed(1)} s of CPU, ${first.rssMb?.toFixed(0)} MB; again ${again.wallS.toFixed(1)} s, ${again.rssMb?.toFixed(0)} MB`;
    console.log(`${name.padEnd(16)} ${figures}  ${bad.length === 0 ? 'holds' : bad.join('; ')}`);
    if (bad.length > 0) process.exitCode = 1;
  } finally {
    rmSync(machine, { recursive: true, force: true });
  }
}
