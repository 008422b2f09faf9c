import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnswers } from '../../../src/judge/calibrate/answers-file.ts';
import { measureAnswers } from '../../../src/judge/calibrate/measured-answers.ts';
import { repository } from '../../helpers/cli.ts';

const folder = join(repository, '..', 'shared', 'judge-labels');

/** Judge, then accuracy, kappa and false positives of final answers, then accuracy and kappa of steps, as published with the data. */
const published = [
  ['Gemini-3-Flash-Preview-Thinking', '0.791', '0.594', '0.244', '0.817', '0.619'],
  ['GPT-5.2-Chat', '0.791', '0.593', '0.217', '0.750', '0.535'],
  ['GPT-5.2-Thinking (medium)', '0.790', '0.586', '0.131', '0.710', '0.477'],
  ['Kimi-K2.5-Thinking', '0.781', '0.577', '0.306', '0.762', '0.532'],
  ['GPT-5.2', '0.776', '0.562', '0.209', '0.701', '0.456'],
  ['DeepSeek-V3.2-Thinking', '0.741', '0.498', '0.326', '0.728', '0.477'],
  ['Kimi-K2.5', '0.740', '0.495', '0.289', '0.714', '0.467'],
  ['Gemini-3-Flash-Preview', '0.736', '0.494', '0.426', '0.783', '0.537'],
  ['DeepSeek-V3.2', '0.697', '0.416', '0.409', '0.715', '0.446'],
  ['Qwen3-8B-Thinking', '0.641', '0.317', '0.485', '0.637', '0.266'],
  ['Qwen3-4B-Thinking', '0.629', '0.293', '0.546', '0.588', '0.229'],
  ['Qwen3-30B-A3B-Thinking-2507', '0.621', '0.283', '0.630', '0.685', '0.313'],
  ['Qwen3-4B-Thinking-2507', '0.597', '0.241', '0.650', '0.601', '0.171'],
  ['Qwen3-8B', '0.565', '0.207', '0.635', '0.586', '0.145'],
  ['Llama-3.3-70B-Instruct', '0.566', '0.190', '0.700', '0.559', '0.186'],
  ['Qwen3-4B-Instruct-2507', '0.568', '0.185', '0.687', '0.589', '0.192'],
  ['Qwen3-30B-A3B-Instruct-2507', '0.556', '0.165', '0.756', '0.651', '0.269'],
  ['Qwen3-4B', '0.514', '0.133', '0.744', '0.559', '0.137'],
  ['Llama-3.1-8B-Instruct', '0.522', '0.123', '0.719', '0.529', '0.144'],
  ['Llama-3.2-3B-Instruct', '0.460', '0.119', '0.620', '0.406', '0.066'],
] as const;

describe.skipIf(!existsSync(folder))('the published figures of 20 judges (needs ../shared/judge-labels)', () => {
  test('final answers: accuracy, kappa and false positives, best kappa first', () => {
    const figures = figuresOf('final.csv').map(({ judge, accuracy, kappa, falsePositives }) => [
      judge,
      accuracy,
      kappa,
      falsePositives,
    ]);
    expect(figures).toEqual(
      published.map(([judge, accuracy, kappa, positives]) => [judge, accuracy, kappa, positives]),
    );
  });

  test('steps: accuracy and kappa of the steps to which a judge gave an answer', () => {
    const figures = figuresOf('steps.csv').map(({ judge, accuracy, kappa }) => [judge, accuracy, kappa]);
    const expected = published.map(([judge, , , , accuracy, kappa]) => [judge, accuracy, kappa]);
    expect(figures.toSorted(byJudge)).toEqual(expected.toSorted(byJudge));
  });
});

function byJudge([one = '']: readonly (string | undefined)[], [other = '']: readonly (string | undefined)[]): number {
  return one.localeCompare(other);
}

interface Figures {
  readonly judge: string;
  readonly accuracy: string | undefined;
  readonly kappa: string | undefined;
  readonly falsePositives: string | undefined;
}

function figuresOf(name: string): readonly Figures[] {
  const answers = readAnswers(readFileSync(join(folder, name), 'utf8'), name);
  const options = { positive: undefined, bootstrap: { seed: 1, draws: 10 }, floors: [] };
  return measureAnswers(answers, options).map(({ judge, figures }) => ({
    judge,
    accuracy: figures.accuracy.value?.toFixed(3),
    kappa: figures.kappa.value?.toFixed(3),
    falsePositives: figures.false_positives.value?.toFixed(3),
  }));
}
