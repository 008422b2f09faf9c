import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { parseOwnRules } from '../../src/views/own-rules.ts';
import { openViews } from '../../src/views/query.ts';
import { testSettings, writeLake } from '../sql/helpers/store.ts';

const FILE = '/home/mira/.config/sesh/friction-rules.csv';
const scratch = mkdtempSync(`${tmpdir()}/sesh-own-rules-`);
afterAll(() => rmSync(scratch, { recursive: true }));

const failed = (id: string, command: string, text: string) => {
  const common = {
    agent: 'claude-code',
    session_id: 's',
    thread_id: 'main',
    source_id: 'a',
    ts_source: 'event',
    call_id: id,
  };
  return [
    {
      ...common,
      event_id: `c${id}`,
      kind: 'tool_call',
      ts: '2026-03-02T10:00:00Z',
      tool_name: 'Bash',
      tool_kind: 'shell',
      command,
    },
    {
      ...common,
      event_id: `r${id}`,
      kind: 'tool_result',
      ts: '2026-03-02T10:00:01Z',
      outcome: 'error',
      exit_code: 3,
      text,
    },
  ];
};

async function namedWith(rules: string) {
  const files = await writeLake(scratch, {
    events: [
      ...failed('1', 'cd data && ./pull-data.sh eu', 'lost the mirror'),
      ...failed('2', './x.sh', 'quota of the mirror reached'),
    ],
  });
  const settings = { ...testSettings, seeds: [parseOwnRules(rules, FILE)] };
  const views = await openViews({ storeDir: scratch, files, settings, threads: 1 });
  try {
    const { rows } = await views.query(
      'select event_id, category, subtype, rule_id, signature from friction order by 1',
    );
    return rows;
  } finally {
    views.close();
  }
}

describe("a person's own rules", () => {
  test('name a script that syncs data, and a line of output; what the file leaves out has a default', async () => {
    const rules =
      'rule_id,category,matches,command,pattern,must_match,must_not_match,command_must_match,remedy\n' +
      'pull-data,data_sync,result,^pull-data\\.sh\\b,,,,./pull-data.sh eu,Look at the mirror.\n' +
      'quota,quota,result,,quota .* reached,quota of a reached,the quota is fine,,Ask for more.\n';
    expect(await namedWith(rules)).toEqual([
      ['r1', 'data_sync', 'pull_data', 'pull-data', 'pull-data.sh eu'],
      ['r2', 'quota', 'quota', 'quota', 'quota of the mirror reached'],
    ]);
  });

  test('take the place of the rule of the same id, which keeps what the file leaves out', async () => {
    const rules = 'rule_id,category,subtype\nshell-exit-code,none,\n';
    expect(await namedWith(rules)).toEqual([]);
  });
});

describe('a rule that cannot be right is refused with file, rule and example', () => {
  test.each([
    ['a column that is not known', 'rule_id,colour\nx,red\n', /friction-rules\.csv: the column "colour" is not known/],
    ['no id', 'rule_id,category,matches\n,data_sync,result\n', /friction-rules\.csv: expected rule_id of the rule ""/],
    ['one id twice', 'rule_id,category,matches\nx,quota,result\nx,quota,result\n', /the rule x stands there twice/],
    ['no category', 'rule_id,category,matches\nx,,result\n', /expected category of the rule "x"/],
    [
      'a trouble that does not exist',
      'rule_id,category,matches\nx,quota,text\n',
      /expected matches of the rule "x" to be one of result, /,
    ],
    [
      'a kind of tool that does not exist',
      'rule_id,category,matches,tool_kinds\nx,quota,result,bash\n',
      /expected tool_kinds of the rule "x"/,
    ],
    [
      'a pattern that RE2 cannot read',
      'rule_id,category,matches,pattern\nx,quota,result,(?=a)\n',
      /the rule x has a pattern that is no regular expression/,
    ],
    [
      'an example that does not match',
      'rule_id,category,matches,pattern,must_match\nx,quota,result,quota,limit reached\n',
      /the rule x does not match its example "limit reached"/,
    ],
    [
      'an example that must not match and does',
      'rule_id,category,matches,pattern,must_not_match\nx,quota,result,quota,no quota here\n',
      /the rule x matches its example "no quota here"/,
    ],
    [
      'an example of a command',
      'rule_id,category,matches,command,command_must_match\nx,quota,result,^pull,./push.sh\n',
      /the rule x does not match its example "\.\/push\.sh"/,
    ],
    [
      'a row of another length',
      'rule_id,category\nx\n',
      /friction-rules\.csv cannot be read: Expected 2 cells in .*friction-rules\.csv, got 1 in row 1/,
    ],
  ])('%s', async (_what, rules, message) => {
    const refused = namedWith(rules);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
  });
});
