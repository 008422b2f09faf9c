import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reachedSteps } from '../../src/rehearsal/step.ts';
import { scratch } from '../helpers/scratch.ts';
import { eventRows, syncStore } from '../helpers/store.ts';

const messages = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `m${n}`,
    timestamp: `2026-02-05T10:0${n}:00.000Z`,
    type: n % 2 === 0 ? 'user' : 'gemini',
    content: `message ${n}`,
    ...(n % 2 === 0
      ? {}
      : {
          model: 'gemini-2.5-pro',
          tokens: { input: 100, output: n, cached: 0, thoughts: 0, tool: 0, total: 100 + n },
        }),
  }));
const history = (count: number): string =>
  JSON.stringify(
    { sessionId: 'f3a1', projectHash: 'abc', startTime: '2026-02-05T10:00:00.000Z', messages: messages(count) },
    null,
    2,
  );

function machine() {
  const folder = scratch();
  const file = join(folder, '.gemini', 'tmp', 'abc', 'chats', 'session-2026-02-05T10-00-f3a1.json');
  mkdirSync(dirname(file), { recursive: true });
  const store = join(folder, 'store');
  const sync = async () => await syncStore({ store, roots: [join(folder, '.gemini')] });
  const texts = async () =>
    (await eventRows(store, `select text from events where kind in ('prompt', 'reply') order by ts, text`)).map(
      ({ text }) => text,
    );
  return { file, store, sync, texts };
}
const expected = (count: number): readonly string[] => messages(count).map((_, n) => `message ${n}`);

test('a history that is written again as a whole at each turn gives each message once (F44)', async () => {
  const { file, sync, texts } = machine();
  for (const count of [2, 5, 8]) {
    writeFileSync(file, history(count));
    expect((await sync()).problems).toEqual([]);
    expect(await texts()).toEqual(expected(count));
  }
});

test('a history of which only half is written waits and is said; what was read before stays, and nothing is lost (F44)', async () => {
  const { file, sync, texts } = machine();
  writeFileSync(file, history(4));
  await sync();
  const next = history(6);
  for (const part of [0, 0.5, 0.99]) {
    writeFileSync(file, next.slice(0, Math.floor(next.length * part)));
    const { problems, lines } = await sync();
    expect([problems, lines.quarantined]).toEqual([[], 0]);
    expect(await texts()).toEqual(expected(4));
  }
  writeFileSync(file, next);
  expect((await sync()).files).toMatchObject({ unreadable: 0 });
  expect(await texts()).toEqual(expected(6));
});

test('a history that is met half-written is looked at once more at once, and is whole then (F44)', async () => {
  const { file, store, texts } = machine();
  const whole = history(6);
  writeFileSync(file, whole.slice(0, whole.length / 2));
  let isLookedAt: ReturnType<typeof setInterval> | undefined;
  // A fault that never strikes: counting begins with it. Looking at the file is one act, so a timer runs before it or after it.
  vi.stubEnv('SESH_FAIL_AT', 'read:before:1000:EIO');
  const onStage = (): void => {
    isLookedAt ??= setInterval(() => {
      if ((reachedSteps()['read:before'] ?? 0) === 0) return;
      clearInterval(isLookedAt);
      writeFileSync(file, whole);
    }, 1);
  };
  try {
    const { files } = await syncStore({ store, roots: [join(dirname(store), '.gemini')], onStage });
    expect(files).toMatchObject({ new: 1, unreadable: 0 });
  } finally {
    clearInterval(isLookedAt);
    vi.unstubAllEnvs();
  }
  expect(await texts()).toEqual(expected(6));
});

test('a history that stayed half is read as it is after a day, and quarantined with its place (F28, F44)', async () => {
  const { file, sync, texts } = machine();
  writeFileSync(file, history(4).slice(0, -20));
  const waiting = await sync();
  expect(waiting.files).toMatchObject({ unreadable: 1 });
  expect(waiting.skipped).toEqual([
    { path: file, reason: `${file} is not complete: it is being written. The next sync reads it.` },
  ]);
  utimesSync(file, new Date('2026-02-09'), new Date('2026-02-09'));
  expect((await sync()).lines).toMatchObject({ total: 1, quarantined: 1 });
  expect(await texts().catch(() => [])).toEqual([]);
});
