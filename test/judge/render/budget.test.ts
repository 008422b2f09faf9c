import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimatedTokens } from '../../../src/judge/render/budget.ts';
import { chunkPlan } from '../../../src/judge/render/chunks.ts';
import { elided, grouped } from '../../../src/judge/render/elide.ts';
import { renderTranscript, TRANSCRIPT_TOKENS, type Rendered } from '../../../src/judge/render/render.ts';
import type { SessionEvent } from '../../../src/judge/render/event.ts';
import { prompt, reply, sessionOf, shell, testKey, tool } from './session.ts';

async function rendered(events: readonly SessionEvent[], budget?: number): Promise<Rendered> {
  const options = { redactionKey: testKey, ownModels: [] };
  return await renderTranscript(events, budget === undefined ? options : { ...options, budget });
}

/** No two are alike, so that nothing is shown as a repetition. */
function noise(seed: number, length: number): string {
  return `${seed} lorem ipsum dolor\n`.repeat(Math.ceil(length / 16)).slice(0, length);
}

describe('what is cut out of a text', () => {
  test('leaves 500 characters of the head and 1,500 of the tail of a result, and says how much is gone', async () => {
    const output = `${'a'.repeat(500)}${'b'.repeat(12_345)}${'c'.repeat(1500)}`;
    const { text } = await rendered(sessionOf(shell('cat x', output)));
    expect(text.split('of E1\n')[1]).toBe(
      `| ${'a'.repeat(500)}\n| [... 12,345 characters cut ...]\n| ${'c'.repeat(1500)}`,
    );
  });

  test('leaves 600 characters of what a tool is given', async () => {
    const { text } = await rendered(sessionOf(shell('x'.repeat(5000), '')));
    expect(text.split('\n')[1]).toBe(`| $ ${'x'.repeat(448)}`);
    expect(text).toContain('[... 4,402 characters cut ...]');
  });

  test('never takes lines that say what failed', async () => {
    const output = `${noise(1, 3000)}\nFAILED tests/test_crane.py::test_lift\n${noise(2, 9000)}`;
    const { text } = await rendered(sessionOf(shell('pytest', output)));
    expect(text).toContain(
      '\n| FAILED tests/test_crane.py::test_lift\n| [... failing lines of what is cut end here ...]',
    );
  });

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('%d is written %s', (count, text) => {
    expect(grouped(count)).toBe(text);
  });

  test('is never half a character', () => {
    const text = '\u{1f3d7}'.repeat(400);
    expect(elided(text, { head: 51, tail: 51 }, false)).toBe(
      `${'\u{1f3d7}'.repeat(25)}\n[... 698 characters cut ...]\n${'\u{1f3d7}'.repeat(26)}`,
    );
  });

  test('is nothing of what a person says', async () => {
    const wish = noise(3, 60_000).trim();
    const { text, flags } = await rendered(sessionOf(prompt(wish), shell('ls', 'a')));
    expect(text).toContain(wish.replaceAll('\n', '\n| '));
    expect(flags).toEqual([]);
  });
});

describe('a transcript that is too long', () => {
  const middle = (count: number): ReturnType<typeof shell> =>
    Array.from({ length: count }, (_, index) => shell(`cat file-${index}`, noise(index, 2000))).flat();

  test('loses the middle of results first, then calls that only read, and counts them', async () => {
    const steps = [5, 60, 200, 700];
    const flags = await Promise.all(
      steps.map(async (count) => (await rendered(sessionOf(prompt('Go'), middle(count)))).flags),
    );
    expect(flags).toEqual([[], ['results_600'], ['results_200'], ['reading_left_out']]);
    const { text } = await rendered(sessionOf(prompt('Go'), middle(700)));
    expect(text).toMatch(/\n\[\.\.\. E2 to E\d+ left out: \d+ calls, \d+ results, 0 others \.\.\.\]\n/);
  });

  test('keeps requests, checks, changes, failures and the end, and can be read in parts', async () => {
    const events = sessionOf(
      prompt('First wish'),
      middle(200),
      shell('pytest', 'FAILED tests/test_crane.py::test_lift', 'error'),
      prompt('Second wish'),
      Array.from({ length: 500 }, (_, index) => reply(noise(index, 900))),
      tool('edit', { file_path: '/srv/crane.py', new_string: 'up()' }, 'updated'),
      middle(100),
      reply('The end'),
    );
    const { text, flags, parts } = await rendered(events);
    expect(flags).toEqual(['events_left_out']);
    expect(estimatedTokens(text)).toBeLessThanOrEqual(TRANSCRIPT_TOKENS);
    for (const kept of ['First wish', 'Second wish', 'test_lift', 'new_string: up()', 'The end', 'cat file-99']) {
      expect(text).toContain(kept);
    }
    const read = parts?.parts ?? [];
    expect(read.length).toBeGreaterThan(5);
    for (const part of read) expect(estimatedTokens(part.text)).toBeLessThanOrEqual(TRANSCRIPT_TOKENS * 0.75);
    const heads = (part: string): readonly string[] =>
      [...part.matchAll(/^\[(E\d+)\] /gm)].map((match) => match[1] ?? '');
    expect([...new Set(read.flatMap((part) => heads(part.text)))]).toEqual(events.map((_, index) => `E${index + 1}`));
    // What the readers point at is shown with the calls that it belongs to, and all else that always is.
    const whole = parts?.selected(
      new Map([
        ['E3', ['one two three']],
        ['E405', ['passage of a reply']],
      ]),
    );
    expect(whole?.flags).toEqual(['in_parts']);
    expect(whole?.events.get('E3')?.sent).toContain('one two three\n[... the rest of this event was read before');
    expect(heads(whole?.text ?? '').slice(0, 4)).toEqual(['E1', 'E2', 'E3', 'E404']);
    for (const kept of ['First wish', 'Second wish', 'passage of a reply', 'The end'])
      expect(whole?.text).toContain(kept);
  });

  test("of nothing but a person's words is larger than the budget and says so", async () => {
    const { text, flags } = await rendered(sessionOf(prompt(noise(1, 8000)), prompt(noise(2, 8000))), 1000);
    expect(flags).toEqual(['smallest', 'over_budget']);
    expect(estimatedTokens(text)).toBeGreaterThan(4000);
  });

  test('of a hundred megabytes in one result fits', async () => {
    const { text, flags } = await rendered(sessionOf(prompt('Go'), shell('cat big', 'x y\n'.repeat(25_000_000))));
    expect(flags).toEqual([]);
    expect(text.length).toBeLessThan(4000);
  });
});

/** `SESH_LAW_RUNS=10` is for a machine with time: this takes a minute or two and 2.5 GB. */
test.runIf(Number(process.env['SESH_LAW_RUNS'] ?? '1') > 1)(
  'a gigabyte of output is a transcript with the requests, the last events and the line that says what failed',
  { timeout: 900_000 },
  async () => {
    const output = 'the beam is level and the hook is empty\n'.repeat(8750);
    const failing = `${output.slice(0, 170_000)}\nFAILED tests/test_crane.py::test_lift\n${output.slice(0, 170_000)}`;
    const events = sessionOf(
      prompt('Mend the crane'),
      Array.from({ length: 3000 }, (_, n) =>
        n === 1500 ? shell('pytest', failing, 'error') : shell(`./dump ${n}`, `${n} ${output}`),
      ).flat(),
      prompt('Is it done?'),
      reply('Yes.'),
    );
    expect(events.reduce((sum, { text }) => sum + (text ?? '').length, 0)).toBeGreaterThan(1e9);
    const { text, parts } = await rendered(events);
    expect(estimatedTokens(text)).toBeLessThanOrEqual(TRANSCRIPT_TOKENS);
    const late = Array.from({ length: 6 }, (_, n) => `| $ ./dump ${2999 - n}\n`);
    for (const kept of ['Mend the crane', 'Is it done?', 'FAILED tests/test_crane.py::test_lift', ...late]) {
      expect(text).toContain(kept);
    }
    expect(parts?.parts.length).toBeGreaterThan(1);
  },
);

const word = fc.constantFrom('crane ', 'hook\n', 'FAILED x\n', '\u{1f3d7}', 'ok ', '\n', 'error: y\n');
const filler = fc
  .array(word, { maxLength: 40 })
  .chain((words) => fc.integer({ min: 1, max: 200 }).map((times) => words.join('').repeat(times)));
const anEvent = fc.oneof(
  fc.string({ maxLength: 60 }).map((text) => [prompt(`wish ${text}`)]),
  filler.map((text) => [reply(`said ${text}`)]),
  fc
    .tuple(fc.constantFrom('ls', 'pytest', 'rm x', 'git commit'), filler, fc.boolean())
    .map(([command, text, fine]) => shell(command, text, fine ? 'ok' : 'error')),
  filler.map((text) => tool('edit', { file_path: '/a', new_string: text }, 'updated')),
);

describe('whatever a session holds', () => {
  test('its transcript is within the budget, or at its smallest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEvent, { maxLength: 60 }),
        fc.integer({ min: 500, max: 6000 }),
        async (lists, budget) => {
          const { text, flags } = await rendered(sessionOf(...lists), budget);
          expect(estimatedTokens(text) <= budget || flags.includes('over_budget')).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('every word of a person, the last 15 events and their order stay', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anEvent, { maxLength: 60 }), async (lists) => {
        const { events } = await rendered(sessionOf(...lists), 700);
        const all = [...events.values()];
        const lost = all.filter(({ entry, sent }) => entry.role === 'user' && sent !== entry.full);
        expect(lost).toEqual([]);
        expect(all.slice(-15).filter(({ sent }) => sent === null)).toEqual([]);
        expect([...events.keys()]).toEqual(all.map((_, index) => `E${index + 1}`));
      }),
      { numRuns: 60 },
    );
  });

  test('what is sent of each event is what it was, but for the marks of cuts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anEvent, { maxLength: 30 }), async (lists) => {
        const { events } = await rendered(sessionOf(...lists), 1500);
        for (const { entry, sent } of events.values()) {
          const lines = (sent ?? '').split('\n').filter((line) => !/^\[(?:\.\.\.|the same text as)/.test(line));
          expect(lines.filter((line) => !entry.full.includes(line))).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a plan to read a long transcript in parts', () => {
  const parts = (...turns: readonly boolean[]): Parameters<typeof chunkPlan>[0] =>
    turns.map((isTurn, index) => ({ alias: `E${index + 1}`, isTurn, tokens: 10 }));

  test('cuts before a person speaks, and neighbours share two events', () => {
    expect(chunkPlan(parts(true, false, false, false, true, false, false, false), 60)).toEqual([
      { first: 'E1', last: 'E4', tokens: 40 },
      { first: 'E3', last: 'E8', tokens: 60 },
    ]);
  });

  test('cuts where the room ends when nobody speaks', () => {
    expect(chunkPlan(parts(true, false, false, false, false), 30)).toEqual([
      { first: 'E1', last: 'E3', tokens: 30 },
      { first: 'E2', last: 'E4', tokens: 30 },
      { first: 'E3', last: 'E5', tokens: 30 },
    ]);
  });

  test('gives a single event that is too large a part of its own', () => {
    expect(chunkPlan([{ alias: 'E1', isTurn: true, tokens: 99 }], 30)).toEqual([
      { first: 'E1', last: 'E1', tokens: 99 },
    ]);
  });

  test('of nothing is nothing', () => {
    expect(chunkPlan([], 30)).toEqual([]);
  });
});
