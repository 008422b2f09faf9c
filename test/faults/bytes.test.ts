import { beforeAll, describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { everything } from '../../src/core/window.ts';
import { settingsOf } from '../../src/commands/settings.ts';
import { records, withViews } from '../../src/commands/views.ts';
import { loadCatalog } from '../../src/views/load.ts';
import type { SyncSummary } from '../../src/ingest/summary.ts';
import {
  callLine,
  minute,
  promptLine,
  resultLine,
  sessionNumber,
  turn,
  uuidNumber,
  writeLines,
} from '../helpers/claude.ts';
import { join } from 'node:path';
import { scratchForFile } from '../helpers/scratch.ts';
import { eventRows, syncStore } from '../helpers/store.ts';

/** What a file holds, session after session, all synced at once. */
const files = new Map<string, (n: number) => readonly (string | Buffer)[]>();
const bytes = (...parts: readonly (string | Buffer | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
const at = (n: number, line = 1) => ({ session: sessionNumber(n), uuid: uuidNumber(n * 100 + line), at: minute(line) });
const prompt = (n: number, text: string, line = 1): string => promptLine(at(n, line), text);
/** A record whose JSON is written by hand. */
const written = (n: number, rest: string, line = 1): string =>
  `{"type":"user","sessionId":"${sessionNumber(n)}","uuid":"${uuidNumber(n * 100 + line)}","timestamp":"${minute(line)}",${rest}}`;

const long = 2_000_000;
const cases: Readonly<Record<string, (n: number) => readonly (string | Buffer)[]>> = {
  'no UTF-8': (n) => [
    bytes(prompt(n, 'x').slice(0, -3), 0xff, prompt(n, 'x').slice(-3)),
    bytes(prompt(n, 'ü', 2).slice(0, -3).slice(0, -1), 0xc3, prompt(n, 'x', 2).slice(-3)),
  ],
  'a character over the edge of every chunk': (n) => [prompt(n, `${'x'.repeat(8 * 1024 * 1024)}${'😀ü'.repeat(1000)}`)],
  'escaped NUL': (n) => [prompt(n, 'a\u0000b')],
  'lone surrogates': (n) => [
    prompt(n, 'cut \ud83d'),
    callLine({ ...at(n, 2), cwd: '/home/\udc00' }, 'toolu_\ud83d', 'Bash', {
      command: 'echo \ud83d',
      '\udc00': ['\ud83d'],
    }),
    resultLine(at(n, 3), 'toolu_\ud83d', '\uffff\ufffe \udc00'),
  ],
  'line ends': (n) => [
    prompt(n, 'one') + '\r',
    prompt(n, 'two\u2028\u2029\u0085\f', 2),
    `${prompt(n, 'three', 3)}\r${prompt(n, 'four', 4)}`,
  ],
  'odd lines': (n) => [
    '',
    ' \t',
    '// note',
    `${prompt(n, 'x')},`,
    `[${prompt(n, 'y')}]`,
    '42',
    '"text"',
    'null',
    'NaN',
    prompt(n, 'z', 3),
  ],
  'odd numbers': (n) => [
    written(
      n,
      '"message":{"role":"assistant","id":12345678901234567890123,"model":"claude-opus-4-6","content":[{"type":"text","text":"x"}],"usage":{"input_tokens":1e999,"output_tokens":-0,"cache_read_input_tokens":12.5}}',
    ).replace('"type":"user"', '"type":"assistant"'),
  ],
  'wrong types': (n) => [
    written(n, '"cwd":5,"gitBranch":{},"version":[],"message":{"role":"user","content":{"text":"x"}}'),
    written(n, '"message":"words"', 2),
    written(
      n,
      '"message":{"content":[{"type":"text","text":9},{"type":"tool_result","tool_use_id":7,"content":3,"is_error":"no"}]}',
      3,
    ),
    '{"type":7,"uuid":8,"sessionId":9,"timestamp":{}}',
  ],
  'unknown types': (n) => [
    written(n, '"x":1').replace('"type":"user"', '"type":"hologram"'),
    written(n, '"renamed_message":{"role":"user","content":"x"}', 2),
    written(n, '"subtype":"telepathy","content":"x"', 3).replace('"type":"user"', '"type":"system"'),
  ],
  'one uuid twice': (n) => [prompt(n, 'first words'), prompt(n, 'other words')],
  'parents in a circle': (n) => [
    promptLine({ ...at(n, 1), extra: { parentUuid: uuidNumber(n * 100 + 2), isSidechain: true } }, 'a'),
    promptLine({ ...at(n, 2), extra: { parentUuid: uuidNumber(n * 100 + 1), isSidechain: true } }, 'b'),
    promptLine({ ...at(n, 3), extra: { parentUuid: uuidNumber(n * 100 + 3), isSidechain: true } }, 'c'),
    promptLine({ ...at(n, 4), extra: { parentUuid: 'nobody', isSidechain: true } }, 'd'),
  ],
  'a chain of 10,000': (n) =>
    Array.from({ length: 10_000 }, (_, line) =>
      promptLine(
        {
          session: sessionNumber(n),
          uuid: `chain-${line}`,
          at: minute(1),
          extra: { parentUuid: line === 0 ? null : `chain-${line - 1}`, isSidechain: true },
        },
        'x',
      ),
    ),
  'large blocks': (n) => [
    resultLine(at(n, 1), 'toolu_1', `\u001b[31m${'\u001b[0m.'.repeat(long / 5)}`),
    prompt(n, 'w'.repeat(long), 2),
    callLine(at(n, 3), 'toolu_2', 'Write', { file_path: '/a', content: 'A'.repeat(2 * long) }),
    written(
      n,
      `"message":{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"${'A'.repeat(2 * long)}"}}]}`,
      4,
    ),
  ],
  nothing: () => [],
  'one byte': () => ['x'],
  'a mode and no events': (n) => [`{"type":"mode","mode":"plan","sessionId":"${sessionNumber(n)}"}`],
  'nested deep': (n) => [
    callLine(at(n, 1), 'toolu_1', 'Odd', { deep: nestedObject(400), text: '['.repeat(100_000) }),
    written(n, `"message":${'['.repeat(20_000)}${']'.repeat(20_000)}`, 2),
    prompt(n, 'after', 3),
  ],
  'two names': (n) => [
    written(n, '"message":{"role":"user","content":"hidden"},"message":{"role":"user","content":"shown"}'),
    written(
      n,
      '"__proto__":{"type":"assistant"},"constructor":{"x":1},"":1,"Type":"assistant","message":{"role":"user","content":"plain"}',
      2,
    ),
  ],
};

function nestedObject(depth: number): Record<string, unknown> {
  let value: Record<string, unknown> = {};
  for (let level = 0; level < depth; level += 1) value = { level: value };
  return value;
}

const scratch = scratchForFile();
const store = join(scratch, 'store');
const names = Object.keys(cases);
const session = (name: string): string => sessionNumber(names.indexOf(name));
let summary: SyncSummary;

beforeAll(async () => {
  for (const [name, make] of Object.entries(cases)) files.set(name, make);
  names.forEach((name, n) => {
    const file = join(scratch, 'projects', '-home-ann-shop', `${sessionNumber(n)}.jsonl`);
    const lines = files.get(name)?.(n) ?? [];
    writeLines(file, [], '');
    writeFileSync(file, Buffer.concat(lines.map((line) => bytes(line, '\n'))));
  });
  // A day later, so that what is torn is not waited for.
  summary = await syncStore({ store, roots: [], env: { CLAUDE_CONFIG_DIR: scratch }, now: '2030-01-01T00:00:00Z' });
}, 120_000);

async function eventsOf(name: string, columns: string): Promise<readonly unknown[][]> {
  const rows = await eventRows(
    store,
    `select ${columns} from events where session_id = '${session(name)}' order by source_line, byte_offset, seq`,
  );
  return rows.map((row) => Object.values(row));
}

async function ask(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return await withViews({ storeDir: store, settings: settingsOf(everything, 'UTC') }, async ({ query }) =>
    records(await query(sql)),
  );
}

test('all the damage in the world ends in sums that add up', () => {
  expect(summary.problems).toEqual([]);
  expect(summary.files).toMatchObject({ seen: names.length, new: names.length, unreadable: 0 });
});

describe('text', () => {
  test('that is no UTF-8 is kept with marks and flagged (F45)', async () => {
    expect(await eventsOf('no UTF-8', 'contains(text, chr(65533)), flags')).toEqual([
      [true, 'replaced_characters'],
      [true, 'replaced_characters'],
    ]);
  });

  test('is not torn where a chunk of the file ends (F45)', async () => {
    expect(
      await eventsOf(
        'a character over the edge of every chunk',
        `text_bytes::int, contains(text, chr(65533)), right(text, 2), flags`,
      ),
    ).toEqual([[8 * 1024 * 1024 + 6 * 1000, false, '😀ü', null]]);
  });

  test('with NULs and lone surrogates is made visible, flagged, and no view falls over it (F46, F51)', async () => {
    expect(await eventsOf('escaped NUL', 'text, flags')).toEqual([['a\u2400b', 'replaced_characters']]);
    const rows = await eventsOf('lone surrogates', 'kind, text, command, input, flags');
    expect(rows.map(([kind, text]) => [kind, text])).toEqual([
      ['prompt', 'cut \ufffd'],
      ['tool_call', null],
      ['usage', null],
      ['tool_result', '\uffff\ufffe \ufffd'],
    ]);
    expect(rows[1]?.[2]).toBe('echo \ufffd');
    expect(JSON.parse(String(rows[1]?.[3]))).toMatchObject({ '\ufffd': ['\ufffd'] });
    expect(
      await ask(
        `select json_extract_string(input, '$.command') as command from tool_calls where contains(input, chr(65533))`,
      ),
    ).toEqual([{ command: 'echo \ufffd' }]);
    const views = [...loadCatalog().views.values()].filter(
      ({ layer, name }) => layer === 'marts' && !name.endsWith('_in'),
    );
    for (const { name } of views.filter((view) => view.parameters.length === 0)) await ask(`select * from ${name}`);
    expect(views.length).toBeGreaterThan(10);
  });

  test('has the same events whatever ends its lines (F53)', async () => {
    expect((await eventsOf('line ends', 'text')).flat()).toEqual(['one', 'two\u2028\u2029\u0085\f', 'three', 'four']);
  });

  test('of any length is bounded, and its true size stays (F58)', async () => {
    const rows = await eventsOf('large blocks', 'kind, length(text)::int, text_bytes::int, length(input)::int');
    for (const [, text, , input] of rows) {
      expect(Number(text ?? 0)).toBeLessThan(70_000);
      expect(Number(input ?? 0)).toBeLessThan(20_000);
    }
    expect(rows.find(([kind]) => kind === 'prompt')?.[2]).toBe(long);
    const [sizes] = await ask(
      `select max(length(text))::int as text, max(length(input))::int as input from staging.events`,
    );
    expect(Number(sizes?.['text'])).toBeLessThan(70_000);
  });
});

describe('lines', () => {
  test('of other kinds each have a class and a place (F54)', async () => {
    const rows =
      await ask(`select q.source_line::int as line, q.reason from staging.quarantine q join staging.sources s using (source_id)
      where s.session_id = '${session('odd lines')}' order by line`);
    expect(rows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'not_json'],
      [4, 'not_json'],
      [5, 'not_an_object'],
      [6, 'not_an_object'],
      [7, 'not_an_object'],
      [8, 'not_an_object'],
      [9, 'not_json'],
    ]);
    expect(await eventsOf('odd lines', 'text')).toEqual([['z']]);
  });

  test('with numbers out of range lose no digit of an id and invent no count (F54)', async () => {
    const rows = await eventsOf(
      'odd numbers',
      'kind, response_id, input_tokens, output_tokens::int, cache_read_tokens, flags',
    );
    expect(rows.filter(([kind]) => kind === 'usage')).toEqual([
      ['usage', '12345678901234567890123', null, 0, null, 'wrong_type'],
    ]);
  });

  test('with fields of wrong types are kept, their columns empty, and flagged (F55)', async () => {
    const rows = await eventsOf('wrong types', `flags, cwd, git_branch, agent_version`);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const row of rows) expect(row).toEqual(['wrong_type', null, null, null]);
  });

  test('of unknown types are kept and named by the run (F56)', async () => {
    expect(summary.unknown.map(({ agent, record_type }) => `${agent} ${record_type}`)).toEqual(
      expect.arrayContaining(['claude-code hologram', 'claude-code system.telepathy', 'claude-code user']),
    );
    expect((await eventsOf('unknown types', 'kind')).flat()).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test('that are nested too deep are set aside alone, and a deep input is no danger to a query (F49)', async () => {
    expect((await eventsOf('nested deep', 'kind')).flat()).toEqual(['tool_call', 'usage', 'prompt']);
    expect(
      await ask(`select json_valid(input) as valid, json_extract(input, '$.deep.level') is not null as found
        from tool_calls where session_id = '${session('nested deep')}'`),
    ).toEqual([{ valid: true, found: true }]);
  });

  test('that name a key twice mean the last one and say so, and names of the prototype mean nothing (F50)', async () => {
    expect(await eventsOf('two names', 'kind, text, flags')).toEqual([
      ['prompt', 'shown', 'duplicate_keys'],
      ['prompt', 'plain', null],
    ]);
  });
});

describe('identities', () => {
  test('that two different records claim count once, and both stay in the archive (F57)', async () => {
    expect(await eventsOf('one uuid twice', 'text')).toEqual([['first words']]);
    const [source] = await ask(`select lines::int as lines, events::int as events from staging.sources
      where session_id = '${session('one uuid twice')}'`);
    expect(source).toEqual({ lines: 2, events: 2 });
  });

  test('whose parents form a circle, are missing, or are 10,000 deep end in threads (F57)', async () => {
    expect((await eventsOf('parents in a circle', 'text')).flat()).toEqual(['a', 'b', 'c', 'd']);
    expect(
      await eventRows(
        store,
        `select count(*)::int as rows, count(distinct thread_id)::int as threads from events
        where session_id = '${session('a chain of 10,000')}'`,
      ),
    ).toEqual([{ rows: 10_000, threads: 1 }]);
  });
});

test('files of nothing, of one byte and of no events are no sessions, and no figure divides by zero (F60)', async () => {
  for (const name of ['nothing', 'one byte']) expect(await eventsOf(name, 'kind')).toEqual([]);
  const rows = await ask(`select session_id, wall_s, active_s, tool_calls::int as tool_calls from sessions
    where session_id in ('${session('nothing')}', '${session('one byte')}', '${session('a mode and no events')}')`);
  expect(rows.filter(({ session_id }) => session_id !== session('a mode and no events'))).toEqual([]);
  const empty = join(scratch, 'empty');
  await syncStore({ store: empty, roots: [], env: { CLAUDE_CONFIG_DIR: join(scratch, 'nowhere') } });
  await withViews({ storeDir: empty, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
    for (const view of ['sessions', 'friction', 'daily', 'command_runs', 'agent_coverage']) {
      await query(`select * from ${view}`);
    }
  });
});

test('what a turn is stays what it is beside all of that', async () => {
  const alone = join(scratch, 'alone');
  writeLines(join(alone, 'projects', '-home-ann-shop', `${sessionNumber(500)}.jsonl`), turn(sessionNumber(500), 1));
  const plain = await syncStore({ store: join(alone, 'store'), roots: [], env: { CLAUDE_CONFIG_DIR: alone } });
  expect(plain.events).toEqual({ derived: 3, kept: 3, duplicates: 0 });
});
