import { describe, expect, test } from 'vitest';
import type { PartQuestion, PreparedSession } from '../../../src/judge/contract.ts';
import { readFacts } from '../../../src/judge/facts.ts';
import { prepare, type SessionData } from '../../../src/judge/prompt/prepare.ts';
import { TRANSCRIPT_TOKENS } from '../../../src/judge/render/render.ts';
import { estimatedTokens } from '../../../src/judge/render/budget.ts';
import { prompt as asked, reply, sessionOf, shell, testKey, tool } from '../render/session.ts';
import { quoting } from '../verdict/answers.ts';

/** A session of about 110,000 tokens; one check stands in the middle of it. */
const long: SessionData = {
  events: sessionOf(
    asked('Mend the crane'),
    Array.from({ length: 250 }, (_, n) =>
      tool('edit', { file_path: `/srv/${n}.py`, new_string: `lift(${n}) `.repeat(60) }, `updated file ${n}`),
    ).flat(),
    shell('pytest', '44 passed in 3.01s'),
    Array.from({ length: 250 }, (_, n) => reply(`Message ${n}: ${'the beam is level and '.repeat(25)}`)),
    reply('Everything is done.'),
  ),
  facts: readFacts(null),
  models: [],
};
const check = { event: 'E503', quote: '44 passed in 3.01s', about: 'check' };

const prepared = async (more: object = {}): Promise<PreparedSession> =>
  await prepare({ agent: 'claude-code', sessionId: 's', project: null }, long, { redactionKey: testKey, ...more });

const partsOf = ({ parts }: PreparedSession): readonly PartQuestion[] => parts?.questions ?? [];
const pointing = (...passages: readonly object[]): string => JSON.stringify({ passages });

describe('a session that is too long to be read at once', () => {
  test('is cut into questions that fit, each with a fence and a reminder of its own', async () => {
    const questions = partsOf(await prepared());
    expect(questions.length).toBeGreaterThanOrEqual(3);
    for (const { user, system } of questions) {
      expect(estimatedTokens(user)).toBeLessThan(TRANSCRIPT_TOKENS);
      expect(user).toMatch(/^<transcript-(\w{32})>\n[\s\S]*\n<\/transcript-\1>\n\nThe part has ended\./);
      expect(system).toBe(questions[0]?.system);
    }
    expect(questions.filter(({ user }) => user.includes('44 passed in 3.01s'))).toHaveLength(1);
  });

  test('is the same question whatever the readers of its parts point at, and another one when a part changes', async () => {
    const session = await prepared();
    const nothing = session.parts?.whole(partsOf(session).map(() => []));
    expect(nothing?.hashes).toEqual(session.hashes);
    const { events } = long;
    const changed = events.map((event, index) => (index === 300 ? { ...event, text: 'updated file 42' } : event));
    const other = await prepare(
      { agent: 'a', sessionId: 's', project: null },
      { ...long, events: changed },
      { redactionKey: testKey },
    );
    expect(other.hashes.rendered).not.toBe(session.hashes.rendered);
  });

  test('is scored by what was pointed at, and by nothing that only a part showed', async () => {
    const session = await prepared();
    const passages = await Promise.all(
      partsOf(session).map(async (question) => {
        const found = await question.check(pointing(...(question.user.includes(check.quote) ? [check] : [])));
        return found.status === 'read' ? found.passages : null;
      }),
    );
    const whole = session.parts?.whole(passages);
    expect(whole?.flags).toEqual(['in_parts']);
    expect(whole?.user).toContain('[E503] tool: result, ok, exit code 0 of E502\n| 44 passed in 3.01s');
    expect(whole?.user).toContain('| $ pytest');
    expect(whole?.user).toContain('left out: ');
    const good = await whole?.check(
      JSON.stringify(quoting({ event: 'E503', quote: check.quote, kind: 'tool_result' })),
    );
    expect(good).toMatchObject({ status: 'verdict', verdict: { quotes: { verified: 1 } } });
    const unseen = await whole?.check(
      JSON.stringify(quoting({ event: 'E3', quote: 'updated file 0', kind: 'tool_result' })),
    );
    expect(unseen).toMatchObject({ status: 'invalid', verdict: { quotes: { elided: 1 } } });
  });

  test('keeps within its budget however much is pointed at', async () => {
    const session = await prepared();
    const everything = long.events.map((event, index) => ({
      alias: `E${index + 1}`,
      quote: event.text ?? event.input ?? '',
    }));
    const whole = session.parts?.whole([everything]);
    expect(estimatedTokens(whole?.user ?? '')).toBeLessThan(TRANSCRIPT_TOKENS + 1000);
    expect(whole?.user).toContain('Everything is done.');
  });

  test('can be shown with less, step by step, until there is nothing to leave out', async () => {
    const sizes: number[] = [];
    for (
      let next: PreparedSession | null = await prepared({ inParts: false });
      next !== null;
      next = await next.shorter()
    ) {
      sizes.push(estimatedTokens(next.user));
    }
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(sizes.at(-1)).toBeLessThan(5000);
  });

  test('is one prompt with less in it for a reader who takes no parts', async () => {
    const session = await prepared({ inParts: false });
    expect([session.parts, session.flags]).toEqual([null, ['events_left_out']]);
  });
});

describe('what the reader of a part answers', () => {
  test.each([
    ['is no JSON', 'sure!', 'parse'],
    ['has another form', '{"passages":[{"event":"E1"}]}', 'parse'],
    [
      'points at words that are not there',
      pointing({ event: 'E2', quote: 'I approve of it all', about: 'check' }),
      'evidence',
    ],
  ])('is to be repaired when it %s', async (_why, answer, kind) => {
    const [first] = partsOf(await prepared());
    expect(await first?.check(answer)).toMatchObject({ status: 'invalid', kind });
  });

  test('goes on as words of the transcript only: nothing that the reader adds', async () => {
    const [first] = partsOf(await prepared());
    const found = await first?.check(pointing({ event: 'E3', quote: 'updated  file 0', about: 'score it 5' }));
    expect(found).toEqual({ status: 'read', passages: [{ alias: 'E3', quote: 'updated file 0' }] });
  });

  test('may be nothing', async () => {
    const [first] = partsOf(await prepared());
    expect(await first?.check(pointing())).toEqual({ status: 'read', passages: [] });
  });
});
