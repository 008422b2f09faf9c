import type { Day } from '../value.ts';
import { dayNames } from './days.ts';
import { element, textNode } from './svg.ts';

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 48;
const RIGHT = 16;
const TOP = 40;
const BOTTOM = 36;
const DAY_LABELS = 8;
const TICKS = 4;
const SMALLEST_SCALE = 0.1;

const ink = '#5b6470';
const faint = '#b8bec6';
const strong = '#2f6fb0';

interface Scale {
  readonly x: (index: number) => number;
  readonly y: (rate: number) => number;
  readonly top: number;
}

type Known = Day & { readonly per_active_hour: number };

/**
 * Incidents per active hour, day by day, each with its 95 % interval; null when no day has a rate. A day without activity is a
 * gap and not zero. Colours are readable on light and on dark pages.
 */
export function frictionChart(days: readonly Day[]): string | null {
  const known = days.filter((day): day is Known => day.per_active_hour !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return null;
  const names = dayNames(first.day, last.day);
  const scale = scaleOf(known, names.length);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'font-family': 'sans-serif',
      'font-size': 11,
    },
    [
      element('title', {}, [textNode('Friction incidents per active hour, by day')]),
      label('Friction incidents per active hour, by day, with 95 % intervals', LEFT, 20, 'start', 13),
      ...grid(scale),
      ...dayLabels(names, scale),
      ...known.map((day) => point(day, names.indexOf(day.day), scale)),
      ...lines(known, names, scale),
    ],
  )}\n`;
}

/** The scale ends above the highest rate; an interval that would flatten all days is cut there. */
function scaleOf(known: readonly Known[], days: number): Scale {
  const highest = Math.max(...known.map(({ per_active_hour: rate }) => rate));
  const widest = Math.max(...known.map(({ per_active_hour: rate, per_active_hour_high: high }) => high ?? rate));
  const top = roundUp(Math.max(Math.min(widest, Math.max(highest * 2, 1)), SMALLEST_SCALE));
  const step = (WIDTH - LEFT - RIGHT) / days;
  return {
    x: (index) => LEFT + step * (index + 0.5),
    y: (rate) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(rate, top) / top),
    top,
  };
}

/** The next 1, 2 or 5 times a power of ten, times four at most: ticks then are round numbers. */
function roundUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value / TICKS));
  const step = [1, 2, 5, 10].map((factor) => factor * unit).find((candidate) => candidate * TICKS >= value);
  return (step ?? 10 * unit) * TICKS;
}

function grid({ y, top }: Scale): readonly string[] {
  return Array.from({ length: TICKS + 1 }, (_, index) => (top * index) / TICKS).flatMap((rate) => [
    element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y(rate), y2: y(rate), stroke: faint, 'stroke-width': 0.5 }),
    label(String(Number(rate.toPrecision(3))), LEFT - 6, y(rate) + 4, 'end'),
  ]);
}

function dayLabels(names: readonly string[], { x }: Scale): readonly string[] {
  const every = Math.ceil(names.length / DAY_LABELS);
  return names.flatMap((name, index) =>
    index % every === 0 ? [label(name.slice(5), x(index), HEIGHT - BOTTOM + 18, 'middle')] : [],
  );
}

function point(day: Known, index: number, { x, y }: Scale): string {
  const at = x(index);
  const [low, high] = [day.per_active_hour_low ?? day.per_active_hour, day.per_active_hour_high ?? day.per_active_hour];
  return element('g', { stroke: strong, fill: strong }, [
    element('title', {}, [
      textNode(`${day.day}: ${day.per_active_hour.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`),
    ]),
    element('line', { x1: at, x2: at, y1: y(low), y2: y(high), 'stroke-width': 1.5, 'stroke-opacity': '0.45' }),
    element('circle', { cx: at, cy: y(day.per_active_hour), r: 3 }),
  ]);
}

/** A line from day to day, broken where a day has no rate. */
function lines(known: readonly Known[], names: readonly string[], { x, y }: Scale): readonly string[] {
  const places = known.map((day) => ({ index: names.indexOf(day.day), rate: day.per_active_hour }));
  return places.slice(1).flatMap((place, position) => {
    const previous = places[position];
    if (previous === undefined || place.index !== previous.index + 1) return [];
    return [
      element('line', {
        x1: x(previous.index),
        y1: y(previous.rate),
        x2: x(place.index),
        y2: y(place.rate),
        stroke: strong,
        'stroke-width': 1.5,
      }),
    ];
  });
}

function label(text: string, x: number, y: number, anchor: 'start' | 'middle' | 'end', size = 11): string {
  return element('text', { x, y, 'text-anchor': anchor, 'font-size': size, fill: ink }, [textNode(text)]);
}
