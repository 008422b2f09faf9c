import { describe, expect, test } from 'vitest';
import {
  begin,
  current,
  question,
  reply,
  screen,
  type Dialogue,
} from '../../../../src/judge/calibrate/label/dialogue.ts';

const sessions = [
  { agent: 'pi', sessionId: 's1' },
  { agent: 'amp', sessionId: 's2' },
];
const first = begin(sessions);

/** The state after these lines were typed. */
function after(...lines: readonly string[]): Dialogue {
  return lines.reduce((dialogue, line) => reply(dialogue, line).dialogue, first);
}

describe('an answer', () => {
  test.each([
    ['4', 4, ''],
    [' 1 ', 1, ''],
    ['5 tests ran,  all green', 5, 'tests ran,  all green'],
    ['n', null, ''],
    ['N no goal', null, 'no goal'],
  ])('%j is stored and the next session comes', (line, score, note) => {
    expect(reply(first, line)).toEqual({
      dialogue: { ...first, place: 1, labelled: 1 },
      answer: { session: sessions[0], score, note },
      say: [],
    });
  });

  test.each(['s', 'S', ' s '])('%j skips the session without an answer', (line) =>
    expect(reply(first, line)).toEqual({ dialogue: { ...first, place: 1, skipped: 1 }, answer: null, say: [] }),
  );

  test('q stops', () => {
    expect(reply(first, 'q')).toEqual({ dialogue: { ...first, stopped: true }, answer: null, say: [] });
    expect(current(after('q'))).toBeUndefined();
  });

  test.each(['', '0', '6', '45', '-1', '4.5', 'x', 's because', 'quit', '\u0664'])('%j is asked for again', (line) =>
    expect(reply(first, line)).toEqual({
      dialogue: first,
      answer: null,
      say: [`Expected 1, 2, 3, 4, 5, n, s or q, got "${line}".`, question],
    }),
  );

  test('after the last session changes nothing', () => {
    const over = after('4', 's');
    expect(over).toEqual({ sessions, place: 2, labelled: 1, skipped: 1, stopped: false });
    expect([current(over), reply(over, '5')]).toEqual([undefined, { dialogue: over, answer: null, say: [] }]);
  });
});

test('a screen shows every request and the end, each transcript line behind a bar', () => {
  const shown = { prompts: ['fix it\r\nplease', 'Request 3 of 9'], ending: `${question}\n4` };
  expect(screen(after('s'), shown)).toEqual([
    '',
    'Session 2 of 2: amp s2',
    '',
    'Request 1 of 2',
    '\u2502 fix it',
    '\u2502 please',
    '',
    'Request 2 of 2',
    '\u2502 Request 3 of 9',
    '',
    'How it ended',
    `\u2502 ${question}`,
    '\u2502 4',
    '',
    question,
  ]);
});
