import { expect, test } from 'vitest';
import { findByLibrary } from '../../../src/core/redact/library.ts';

const github = `ghp_${'R7s9Tq2Lm4Xv8Kz1Wb6Yc3Nd5Hf0Ja2EuIoP'.slice(0, 36)}`;
const anthropic = `sk-ant-api03-${'Zk39vQx7Lm2pR8sT4wYb6Nc1Hd5Jf0GaEuIoKtXyVzWq'.repeat(3).slice(0, 93)}AA`;

test('texts are looked at together or in groups, as many as a string can hold, with the same result', async () => {
  const texts = ['nothing', `token ${github}`, '', `export KEY=${anthropic}`, 'x'.repeat(300), `and ${github} again`];
  const together = await findByLibrary(texts);
  expect(together.map((found) => found.length > 0)).toEqual([false, true, false, true, false, true]);
  for (const most of [1, 60, 200, 400]) expect(await findByLibrary(texts, most)).toEqual(together);
});
