import { cellOf, type Figure, type Rating } from './confusion.ts';
import { seededDraw } from './random.ts';
import type { Scale } from './scale.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Bootstrap {
  readonly seed: number;
  readonly draws: number;
}

/** A figure that is undefined in more draws than this has no interval: what is left would be a chosen part. */
const MOST_UNDEFINED = 0.05;

/**
 * 95 % percentile intervals (Efron 1979): whole units are drawn with replacement, all figures are taken from the same draws.
 * Null of fewer than two units. The order of the ratings and the names of the units change no digit.
 */
export function intervalsOf(
  ratings: readonly Rating[],
  { labels: { length: size } }: Scale,
  figures: readonly Figure[],
  { seed, draws }: Bootstrap,
): readonly (Interval | null)[] {
  const units = unitCells(ratings, size);
  if (units.length < 2) return figures.map(() => null);
  const draw = seededDraw(seed);
  const values = figures.map((): number[] => []);
  for (let round = 0; round < draws; round += 1) {
    const confusion = { size, counts: drawn(units, size, draw) };
    for (const [index, figure] of figures.entries()) {
      const value = figure(confusion);
      if (value !== null) values[index]?.push(value);
    }
  }
  return values.map((list) => (list.length < draws * (1 - MOST_UNDEFINED) ? null : percentiles(list)));
}

/** The cells of each unit, units in an order that depends on nothing but the cells. */
function unitCells(ratings: readonly Rating[], size: number): readonly Int32Array[] {
  const units = new Map<string, number[]>();
  for (const { unit, human, judge } of ratings) {
    const cells = units.get(unit) ?? [];
    cells.push(cellOf(human, judge, size));
    units.set(unit, cells);
  }
  return [...units.values()].map((cells) => Int32Array.from(cells).sort()).toSorted(byCells);
}

function byCells(a: Int32Array, b: Int32Array): number {
  const differing = a.findIndex((cell, index) => cell !== b[index]);
  return differing === -1 ? a.length - b.length : (a[differing] ?? 0) - (b[differing] ?? -1);
}

function drawn(units: readonly Int32Array[], size: number, draw: (bound: number) => number): Float64Array {
  const counts = new Float64Array(size * size);
  for (let place = 0; place < units.length; place += 1) {
    for (const cell of units[draw(units.length)] ?? []) counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}

function percentiles(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Between two values in a straight line, as R's type 7 and most other programs do. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}
