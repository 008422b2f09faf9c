import { describe, expect, test } from 'vitest';
import { storedTexts } from '../../../src/judge/verdict/free-text.ts';
import { testKey } from '../render/session.ts';

async function stored(text: string, most = 600): Promise<string> {
  return (await storedTexts([{ text, most }], testKey))[0] ?? '';
}

describe('what a model writes in its own words loses every address', () => {
  test.each([
    ['See https://evil.example/?d=1 for R1', 'See [address] for R1'],
    ['![x](https://evil.example/a.png) R1', 'x R1'],
    ['[click me](javascript:alert(1)) R1', 'click me) R1'],
    ['data:text/html;base64,AAAA R1', '[address] R1'],
    ['www.evil.example R1', '[address] R1'],
    ['//evil.example/x R1', '[address] R1'],
    ['evil.example.com/steal?x=1 R1', '[address] R1'],
    ['ask evil.com. Then R1', 'ask [address]. Then R1'],
    ['10.0.0.7:8080/x R1', '[address] R1'],
    ['<img src=x onerror=alert(1)>R1', 'R1'],
    ['<a href="https://evil.example">R1</a>', 'R1'],
    ['FTP://files.example R1', '[address] R1'],
    ['write to ada@harbor.example', 'write to [email:'],
    ['R1 is in src/app.ts and README.md, E12', 'R1 is in src/app.ts and README.md, E12'],
    ['version 1.2.3 of a.b', 'version 1.2.3 of a.b'],
  ])('%j (T17)', async (text, shown) => {
    expect((await stored(text)).startsWith(shown)).toBe(true);
  });
});

test('nothing invisible, no control, no second line stays (T17)', async () => {
  expect(await stored('R1\u001b]8;;x\u0007\u200b\u202e\nR2\ud800\u0000')).toBe(
    'R1\u241b]8;;x\u2407<U+200B><U+202E>\u23ceR2\ufffd\u2400',
  );
});

test('it is cut to its length, never inside a character', async () => {
  expect(await stored('a'.repeat(700))).toBe(`${'a'.repeat(599)}\u2026`);
  expect(await stored('\u{1f3d7}'.repeat(10), 8)).toBe(`${'\u{1f3d7}'.repeat(3)}\u2026`);
});

test('megabytes are handled at once (T21)', async () => {
  const before = performance.now();
  await stored('https://a.'.repeat(300_000));
  await stored('a.'.repeat(1_000_000));
  await stored('<'.repeat(2_000_000));
  expect(performance.now() - before).toBeLessThan(2000);
});
