import { describe, expect, test } from 'vitest';
import { isNeverJudged, parseJudgeFile, priceEntries } from '../../../src/judge/settings.ts';

const nothing = {
  max_tokens: 8192,
  sessions_per_day: 500,
  prices: [],
  never_judge: { projects: [], paths: [] },
};

describe('judge.yaml', () => {
  test.each(['', '# nothing yet\n', '{}'])('may be empty (%j)', (text) => {
    expect(parseJudgeFile(text, 'judge.yaml')).toEqual(nothing);
  });

  test('sets who judges, how fast, and for how much', () => {
    const text = `
provider: openai-compatible
base_url: http://localhost:11434/v1
model: local-7b
concurrency: 2
requests_per_minute: 50
monthly_usd: 12.5
effort: low
prices:
  - model: local-7b
    from: 2026-10-01
    input_usd_per_million: 0.1
    output_usd_per_million: 0.2
never_judge:
  projects: [secret]
`;
    const file = parseJudgeFile(text, 'judge.yaml');
    expect(file).toEqual({
      ...nothing,
      provider: 'openai-compatible',
      base_url: 'http://localhost:11434/v1',
      model: 'local-7b',
      concurrency: 2,
      requests_per_minute: 50,
      monthly_usd: 12.5,
      effort: 'low',
      prices: [
        {
          model: 'local-7b',
          from: '2026-10-01',
          input_usd_per_million: 0.1,
          output_usd_per_million: 0.2,
          batch_factor: 0.5,
        },
      ],
      never_judge: { projects: ['secret'], paths: [] },
    });
    expect(priceEntries(file)).toEqual([
      {
        model: 'local-7b',
        fromMs: Date.parse('2026-10-01T00:00:00Z'),
        inputUsdPerMillion: 0.1,
        outputUsdPerMillion: 0.2,
        cacheReadUsdPerMillion: null,
        cacheWriteUsdPerMillion: null,
        batchFactor: 0.5,
      },
    ]);
  });

  test.each([
    ['key: sk-1', /judge\.yaml: .*key/i],
    ['provider: other', /judge\.yaml: provider: /],
    ['max_usd: -1', /judge\.yaml: max_usd: /],
    ['prices: [{ model: m }]', /judge\.yaml: prices\.0\./],
    ['never_judge: { folders: [] }', /judge\.yaml: never_judge: .*folders/],
    ['a: [', /judge\.yaml:1: it is not YAML/],
    ['- list', /judge\.yaml: /],
    ['a: &x [1]\nb: *x', /judge\.yaml/],
  ])('that says %j is refused with the place', (text, expected) => {
    expect(() => parseJudgeFile(text, 'judge.yaml')).toThrow(expected);
  });
});

describe('what is never judged', () => {
  const file = parseJudgeFile('never_judge: { projects: [Shop], paths: [~/work/secret/, /srv/x] }', 'judge.yaml');
  const session = (project: string | null, ...directories: readonly string[]) =>
    isNeverJudged(file, { project, directories }, '/home/ann');

  test.each([
    ['the project, in any case', session('shop')],
    ['the folder itself', session('a', '/home/ann/work/secret')],
    ['a folder in it', session('a', '/tmp', '/srv/x/y')],
  ])('%s', (_what, found) => {
    expect(found).toBe(true);
  });

  test.each([
    ['a project whose name only begins like that', session('shop2')],
    ['a folder whose name only begins like that', session('a', '/srv/xy')],
    ['the folder above', session('a', '/srv')],
    ['nothing known', session(null)],
  ])('but not %s', (_what, found) => {
    expect(found).toBe(false);
  });
});
