import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openViews, type Views } from '../../src/views/query.ts';
import { testSettings, writeLake } from './helpers/store.ts';

/** Prompts that correct the agent, with the subtype that they get. */
const corrections: readonly (readonly [string, string])[] = [
  ['no, not that', 'correction'],
  ['No, I meant the other table.', 'correction'],
  ['Nope, use the old client', 'correction'],
  ['no. please keep the header as it was', 'correction'],
  ['no no, only the first column', 'correction'],
  ["No, don't touch the tests!", 'correction'],
  ['no, it should be blue', 'correction'],
  ['no, the list should stay sorted', 'correction'],
  ['No - you should read the config first', 'correction'],
  ["That's wrong. The total has to include tax.", 'correction'],
  ['this is not what I asked for', 'correction'],
  ["it isn't what I wanted", 'correction'],
  ['This is the wrong file', 'correction'],
  ['wrong, look at the second table', 'correction'],
  ["Sorry, that's not right", 'correction'],
  ['you got that wrong', 'correction'],
  ['I said no comments', 'correction'],
  ['But I told you to use pnpm', 'correction'],
  ['as I said, the name stays', 'correction'],
  ['I already explained where it lies', 'correction'],
  ['I asked you not to touch main', 'correction'],
  ['I explicitly asked for tests', 'correction'],
  ['I did not ask for a new page', 'correction'],
  ['you ignored the second point', 'correction'],
  ['You forgot the tests', 'correction'],
  ["you didn't read the file", 'correction'],
  ['You keep adding comments', 'correction'],
  ['you were supposed to ask first', 'correction'],
  ['you should not have pushed that', 'correction'],
  ['stop adding emojis', 'correction'],
  ["don't do that again", 'correction'],
  ['not like that', 'correction'],
  ['why did you delete the fixtures', 'correction'],
  ['what are you doing', 'correction'],
  ['undo that', 'undo'],
  ['Please revert your last change', 'undo'],
  ['ok, roll back all of that', 'undo'],
  ['can you put it back', 'undo'],
  ['go back to how it was', 'undo'],
  ['It is still not working', 'still_broken'],
  ['same error again', 'still_broken'],
  ["that didn't fix it", 'still_broken'],
  ['the build is still failing', 'still_broken'],
  ['you are in the wrong directory', 'wrong_directory'],
  ['wtf', 'frustration'],
  ['are you serious?', 'frustration'],
  ['Danke. Nein, das meinte ich nicht', 'correction'],
  ['Nein, nicht so', 'correction'],
  ['mach das rückgängig', 'correction'],
  ['du hast die Tests vergessen', 'correction'],
  ["non, ce n'est pas ça", 'correction'],
  ["j'ai déjà dit de garder le nom", 'correction'],
  ['annule ça', 'correction'],
  ['no, eso no', 'correction'],
  ['ya te dije que uses pnpm', 'correction'],
  ['deshaz eso', 'correction'],
];

/** Prompts that hold the words of a correction and are none. */
const others: readonly string[] = [
  'There is no rush',
  "don't forget the docs",
  'why does it stop here?',
  'no problem',
  'No thanks, that is all',
  "no, that's fine",
  'No, go ahead with your plan',
  "no, it's ok as it is",
  'no worries, take your time',
  'No tests exist for this yet, write some',
  'no, not yet',
  'no idea, look it up',
  'is that wrong?',
  'what is wrong with the login page?',
  'Wrong password shows no message, fix it',
  'find out what went wrong in the last run',
  'something is wrong with the build on main',
  'The answer may be wrong when the cache is old',
  'he said the build is green',
  'I meant to ask: which license do we use?',
  'I said yes to the reviewer, so merge it',
  'What I said to the customer is in notes.md',
  'Did I already say that the port is 3000?',
  'add an undo button to the editor',
  'Write a migration that can roll back',
  'the revert command needs a test',
  'Go back to the list page after saving',
  'did you miss anything?',
  'tell me if you forgot something',
  'make sure you did not break the API',
  'list what you removed',
  'have you fixed the header?',
  'if you have not run the tests, run them now',
  'stop the server and start it again',
  'Do not stop before all tests pass',
  'why did you choose Redis over Postgres?',
  'not that I know of',
  'what are you going to test next?',
  'is it still broken on main?',
  'the old API still works, keep it',
  'keep the same error message as before',
  'does the same problem happen on Windows?',
  'warn when the script runs in the wrong directory',
  'Remove the useless imports',
  'The user typed "no, not that" and the app crashed. Why?',
  'Explain this log:\n\n2026-03-02 10:00:00 ERROR no, that is wrong\n2026-03-02 10:00:01 INFO still broken',
  'Why does this fail?\n\n```\nexpect(answer).toBe("undo that")\nno, not that\n```',
  'Reply to this mail:\n> no, I said the other one\n> you ignored my question',
  'translate the sentence `you forgot the tests` to German',
  'Traceback (most recent call last)\nValueError: no, this is wrong\nhow do I read this?',
  'nein danke, das ist alles',
  'ist das falsch?',
  'vergiss die Doku nicht',
  "non merci, c'est bon",
  "n'oublie pas la doc",
  'no hay prisa',
  'no olvides la documentación',
];

const prompts = [...corrections.map(([text]) => text), ...others];
const scratch = mkdtempSync(`${tmpdir()}/sesh-confusion-`);
let views: Views;
let found: ReadonlyMap<string, string>;

beforeAll(async () => {
  const events = prompts.flatMap((text, index) =>
    ['show me the plan', text].map((said, turn) => ({
      event_id: `prompt-${String(index)}-${String(turn)}`,
      agent: 'claude-code',
      session_id: `session-${String(index)}`,
      thread_id: 'main',
      source_id: 'a',
      seq: turn,
      ts: `2026-03-02T10:0${String(turn)}:00Z`,
      ts_source: 'event',
      kind: 'prompt',
      text: said,
    })),
  );
  views = await openViews({
    storeDir: scratch,
    files: await writeLake(scratch, { events }),
    settings: testSettings,
    threads: 1,
  });
  const { rows } = await views.query("select event_id, subtype from friction where category = 'user_confusion'");
  found = new Map(rows.map(([id, subtype]) => [JSON.stringify(id).slice(1, -1), JSON.stringify(subtype).slice(1, -1)]));
});
afterAll(() => {
  views.close();
  rmSync(scratch, { recursive: true });
});

const subtypeOf = (text: string): string | undefined => found.get(`prompt-${String(prompts.indexOf(text))}-1`);

describe('a prompt that corrects the agent is confusion', () => {
  test.each(corrections)('%j is %s', (text, subtype) => {
    expect(subtypeOf(text)).toBe(subtype);
  });
});

describe('a prompt that only sounds like a correction is none', () => {
  test.each(others)('%j', (text) => {
    expect(subtypeOf(text)).toBeUndefined();
  });
});
