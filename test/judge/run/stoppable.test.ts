import { expect, test, vi } from 'vitest';
import { stoppable } from '../../../src/commands/judge/world.ts';

test('the first Ctrl-C asks the work to end, the second one does what it did before', async () => {
  const usual = vi.fn<() => void>();
  const stop = vi.fn<() => void>();
  process.on('SIGINT', usual);
  try {
    await stoppable(stop, async () => {
      process.emit('SIGINT');
      expect([stop.mock.calls.length, usual.mock.calls.length]).toEqual([1, 0]);
      process.emit('SIGINT');
      expect([stop.mock.calls.length, usual.mock.calls.length]).toEqual([1, 1]);
    });
    process.emit('SIGINT');
    expect([stop.mock.calls.length, usual.mock.calls.length]).toEqual([1, 2]);
  } finally {
    process.removeListener('SIGINT', usual);
  }
});

test('work that breaks leaves Ctrl-C as it was', async () => {
  const before = process.listeners('SIGINT');
  await expect(stoppable(vi.fn<() => void>(), async () => await Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(process.listeners('SIGINT')).toEqual(before);
});
