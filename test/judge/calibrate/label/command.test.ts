import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { judgeLabel, type LabelSources } from '../../../../src/commands/judge/label.ts';
import { stratified, splitOf, type Candidate } from '../../../../src/judge/calibrate/label/sample.ts';
import { scratch } from '../../../helpers/scratch.ts';
import { invoke } from '../given.ts';

const header = 'session_id,agent,score,labeller,guideline_version,note,split';
const candidates: readonly Candidate[] = ['a', 'b', 'c', 'd'].map((sessionId, index) => ({
  agent: 'pi',
  sessionId,
  verdict: ['1', '5', 'null', 'unjudged'][index] ?? '',
  toolCalls: 7,
}));
const order = stratified(candidates, 1).map(({ sessionId }) => sessionId);
const row = (id: string, score: string, labeller: string, note = ''): string =>
  `${id},pi,${score},${labeller},1,${note},${splitOf({ agent: 'pi', sessionId: id })}`;

interface Run {
  readonly typed: readonly string[];
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly before?: readonly string[];
  readonly verdicts?: readonly string[];
}

async function run({ typed, flags = {}, before, verdicts = [] }: Run) {
  const file = join(scratch(), 'labels.csv');
  if (before !== undefined) writeFileSync(file, [header, ...before, ''].join('\n'));
  const asked: string[] = [];
  const sources: LabelSources = {
    candidates: async () => candidates.map((one, index) => ({ ...one, verdict: verdicts[index] ?? one.verdict })),
    text: async ({ sessionId }) => {
      asked.push(sessionId);
      return { prompts: [`do ${sessionId}`], ending: 'done\u001b[2J' };
    },
    input: Readable.from(typed.map((line) => `${line}\n`)),
  };
  const { invocation, stdout, stderr } = invoke({ flags: { labeller: 'ann', out: file, ...flags }, atTerminal: true });
  const code = await judgeLabel(invocation, sources);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : null;
  return { code, asked, lines, stdout: stdout().replace(file, 'FILE'), stderr: stderr() };
}

describe('labelling at a terminal', () => {
  test('stores what is typed and tells how far it came', async () => {
    const [first = '', , third = ''] = order;
    const { code, asked, lines, stdout } = await run({ typed: ['4 ran, green', 'x', 's', 'n', 'q'] });
    expect({ code, asked, stdout }).toEqual({
      code: 0,
      asked: order,
      stdout: '2 labelled in FILE, 1 skipped, 2 left.\n',
    });
    expect(lines).toEqual([header, row(first, '4', 'ann', '"ran, green"'), row(third, '', 'ann'), '']);
  });

  test('asks nobody twice, and two people about the same sessions', async () => {
    const [first = '', second = ''] = order;
    const before = [row(first, '4', 'ann'), row(second, '2', 'ann')];
    const ann = await run({ typed: ['1', '1'], before });
    const bob = await run({ typed: ['1', '1'], before, flags: { labeller: 'bob', sample: '2' } });
    expect(ann.asked).toEqual(order.slice(2));
    expect(bob.asked).toEqual(order.slice(0, 2));
    expect(bob.lines).toEqual([header, ...before, row(first, '1', 'bob'), row(second, '1', 'bob'), '']);
  });

  test('for the consensus asks only about sessions on which people do not agree', async () => {
    const before = [
      row('a', '5', 'ann'),
      row('a', '1', 'bob'),
      row('b', '5', 'ann'),
      row('b', '4', 'bob'),
      row('c', '1', 'ann'),
    ];
    const { asked, stdout } = await run({ typed: ['2'], before, flags: { labeller: 'consensus' } });
    expect(asked).toEqual(['a']);
    expect(stdout).toBe('1 labelled in FILE, 0 skipped, 0 left.\n');
  });

  test('never tells the verdict, and no transcript reaches the terminal unchecked', async () => {
    const told = await run({ typed: ['4', '4', '4', '4'] });
    const otherwise = await run({ typed: ['4', '4', '4', '4'], verdicts: ['unjudged', '2', '5', '1'] });
    expect(otherwise.stderr).toBe(told.stderr);
    expect(told.stderr).toContain('\u2502 done\u241b[2J');
  });

  test('the end of what is typed stops like q, and nothing open to label asks nothing', async () => {
    const ended = await run({ typed: [] });
    expect({ asked: ended.asked.length, lines: ended.lines }).toEqual({ asked: 1, lines: null });
    const before = candidates.map(({ sessionId }) => row(sessionId, '3', 'ann'));
    const { asked, stdout, stderr } = await run({ typed: ['5'], before });
    expect({ asked, stdout, stderr }).toEqual({
      asked: [],
      stdout: '0 labelled in FILE, 0 skipped, 0 left.\n',
      stderr: '',
    });
  });

  test('as JSON says the same', async () => {
    const { stdout } = await run({ typed: ['5', 's', 'q'], flags: { json: true } });
    expect(JSON.parse(stdout)).toEqual({ labelled: 1, skipped: 1, left: 3, file: 'FILE' });
  });

  test('an answer is on disk before the next session is shown', async () => {
    const file = join(scratch(), 'labels.csv');
    const input = new PassThrough();
    const seen: number[] = [];
    const sources: LabelSources = {
      candidates: async () => candidates,
      text: async () => {
        seen.push(existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 2 : 0);
        input.write('3\n');
        return { prompts: [], ending: '' };
      },
      input,
    };
    await judgeLabel(invoke({ flags: { labeller: 'ann', out: file }, atTerminal: true }).invocation, sources);
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});

describe('it is refused', () => {
  test('away from a terminal, in one line', async () => {
    await expect(judgeLabel(invoke({ flags: { labeller: 'ann' } }).invocation)).rejects.toThrow(
      expect.objectContaining({
        message: 'Labelling asks a person: run sesh judge label at a terminal, without pipes.',
        exitCode: 2,
        hint: undefined,
      }),
    );
  });

  test('without a name', async () => {
    await expect(judgeLabel(invoke({ flags: {}, atTerminal: true }).invocation)).rejects.toThrow(
      expect.objectContaining({
        message: 'Expected --labeller NAME, the name to store with every label.',
        exitCode: 2,
      }),
    );
  });

  test('when the file of labels is broken, before anything is asked', async () => {
    await expect(run({ typed: ['5'], before: ['a,pi,9,ann,1,,'] })).rejects.toThrow(/labels\.csv:2: Expected a score/);
  });
});
