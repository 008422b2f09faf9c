import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openViews, type Views } from '../../../src/views/query.ts';
import { testSettings } from '../../sql/helpers/store.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews({
    storeDir: '/nonexistent',
    files: { events: [], sources: [], quarantine: [] },
    settings: testSettings,
    threads: 1,
  });
});
afterAll(() => views.close());

async function rejects(message: string): Promise<unknown> {
  return (await views.query('select judge_rejects($1::varchar)', [message])).rows[0]?.[0];
}

describe('a message that says that the work is wrong rejects it', () => {
  test.each([
    "No, that's wrong.",
    'That is not what I asked for',
    'this is not what I wanted. Put it back',
    "It still doesn't work",
    "it doesn't work",
    'still broken',
    'Still failing with the same error.',
    'Hmm, still the same error',
    'same error again',
    "This isn't working.",
    'Please revert that.',
    'undo the last change',
    'no, roll back your changes',
    'You broke the login page.',
    'wrong. The total must be in cents',
    'stop',
    'Stop doing that!',
    "Thanks, but it still doesn't work",
    'looks good but it still fails on the second file',
    "I didn't ask you to change the tests.",
    'the page still crashes',
    "that's wrong\n```\nok\n```",
    'Das stimmt nicht, die Summe fehlt',
    'sigue sin funcionar',
    'всё ещё не работает',
    '不对，应该是第二个',
  ])('%j', async (message) => {
    expect(await rejects(message)).toBe(true);
  });
});

describe('a message that only has such words does not', () => {
  test.each([
    'No problem, go on',
    'no, that is fine',
    'No, this works now. Commit it',
    'great, thanks!',
    'Why does it not work on Windows?',
    'does it still fail?',
    'Check whether it is still broken',
    'make sure it does not work without a login',
    'fix the wrong link in the footer',
    'Write a function that can undo the last move',
    'add an undo button',
    'revert the order of the list so that new ones come first',
    'stop the server and run the tests',
    'If this is wrong, tell me',
    "> that's wrong\nI see, go on then",
    '```\nthis is wrong\n```\nexplain that output',
    'the error message must say that the password is wrong',
    'Now add the same error handling to the other route',
    'it should not work for guests',
    'perfect, nothing is broken any more',
    'the test that was wrong is now right, next: the docs',
    'next: the export does not work with commas, please look into it',
    'commit it',
    '',
  ])('%j', async (message) => {
    expect(await rejects(message)).toBe(false);
  });
});
