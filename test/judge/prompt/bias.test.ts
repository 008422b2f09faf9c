import { describe, expect, test } from 'vitest';
import { readFacts } from '../../../src/judge/facts.ts';
import { prepare } from '../../../src/judge/prompt/prepare.ts';
import type { SessionEvent } from '../../../src/judge/render/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { prompt, reply, sessionOf, shell, testKey } from '../render/session.ts';

const facts: JsonObject = { prompts: 1, tool_calls: 1, changes: 2, last_test: 'pass', last_check_failed: false };

const events = (last: string): readonly SessionEvent[] =>
  sessionOf(prompt('Mend the crane'), shell('pytest', '4 passed in 1.0s'), reply(last));

const question = async (agent: string, row: JsonObject, last = 'Mended.') =>
  await prepare(
    { agent, sessionId: 's', project: null },
    { events: events(last), facts: readFacts(row), models: [] },
    { redactionKey: testKey },
  );

// A question with equal hashes has an equal key: no judge is asked twice, so its score cannot move.
describe('what must not move a score does not reach the judge', () => {
  test.each(['codex', 'gemini-cli', 'gptme', 'cursor'])('the name of the program: %s', async (agent) => {
    expect((await question(agent, facts)).hashes).toEqual((await question('claude-code', facts)).hashes);
  });

  test('the order of the facts', async () => {
    const shuffled = Object.fromEntries(Object.entries(facts).toReversed());
    expect((await question('a', shuffled)).hashes).toEqual((await question('a', facts)).hashes);
  });

  test('how many thousand words of confidence the last message has', async () => {
    const long = async (words: number): Promise<string> =>
      (await question('a', facts, 'It is done, checked and perfect. '.repeat(words))).user.replaceAll(
        /[\d,]+ characters cut/g,
        '',
      );
    const [some, many] = [await long(100), await long(5000)];
    expect(many.replaceAll(/transcript-\w+/g, '')).toBe(some.replaceAll(/transcript-\w+/g, ''));
  });
});
