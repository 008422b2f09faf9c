import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatShare, formatTokens, formatUsd } from '../../src/core/figures.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_250_000, '1.3 MB'],
  [999_960, '1.0 MB'],
  [2_000_000_000, '2.0 GB'],
])('%d bytes are written %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  [0, '0'],
  [999, '999'],
  [1234, '1.2 k'],
  [1_200_000, '1.2 M'],
  [3_400_000_000, '3.4 G'],
])('%d tokens are written %s', (tokens, text) => expect(formatTokens(tokens)).toBe(text));

test.each([
  [0, '$0.00'],
  [0.0042, '$0.0042'],
  [0.1, '$0.10'],
  [12.345, '$12.35'],
  [1234.5, '$1,234.50'],
  [-3, '-$3.00'],
])('%d dollars are written %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

test('counts mark thousands', () => {
  expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
});

test('a share of nothing is no number', () => {
  expect([formatShare(1, 8), formatShare(0, 5), formatShare(0, 0)]).toEqual(['12.5 %', '0.0 %', '-']);
});
