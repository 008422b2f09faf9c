import { expect, test } from 'vitest';
import { configuredMemory, engineMemory } from '../../src/core/memory.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

test('the option comes before the environment, and that before the machine', () => {
  expect(configuredMemory('600MB', { SESH_MEMORY: '1GB' }, 64 * GIB)).toBe(600_000_000);
  expect(configuredMemory(undefined, { SESH_MEMORY: '1GiB' }, 64 * GIB)).toBe(GIB);
  expect(configuredMemory(undefined, { SESH_MEMORY: '' }, 64 * GIB)).toBe(768 * MIB);
});

test('of a small machine or container a quarter is left to others', () => {
  expect(configuredMemory(undefined, {}, 800 * MIB)).toBe(600 * MIB);
  expect(configuredMemory(undefined, {}, 100 * MIB)).toBe(512 * MIB);
});

test.each(['400', '4e2MB', '-1GB', 'much', '1TB', ''])('"%s" is no size', (text) => {
  expect(() => configuredMemory(text, {}, GIB)).toThrow(`Expected --memory to be a size such as 600MB or 1GB`);
});

test('less than the program needs is refused', () => {
  expect(() => configuredMemory(undefined, { SESH_MEMORY: '511MiB' }, GIB)).toThrow(
    'Expected SESH_MEMORY to be at least 512MiB, got "511MiB".',
  );
});

test('an engine has what the program does not need, and enough to work', () => {
  expect(engineMemory(768 * MIB)).toBe(618 * MIB);
  expect(engineMemory(100 * MIB)).toBe(256 * MIB);
});
