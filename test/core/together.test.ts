import { expect, test } from 'vitest';
import { together } from '../../src/core/together.ts';

test('gives all answers in order', async () => {
  expect(await together([Promise.resolve(1), 'two', Promise.resolve(3n)])).toEqual([1, 'two', 3n]);
});

test('an error is told when the others have ended, too', async () => {
  let ended = false;
  const slow = new Promise<void>((resolve) => {
    setTimeout(() => {
      ended = true;
      resolve();
    }, 30);
  });
  await expect(together([slow, Promise.reject(new Error('no'))])).rejects.toThrow('no');
  expect(ended).toBe(true);
});
