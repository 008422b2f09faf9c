import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frictionChart } from '../../../src/report/chart/chart.ts';
import { dayNames } from '../../../src/report/chart/days.ts';
import { sparkline } from '../../../src/report/chart/sparkline.ts';
import { element, textNode } from '../../../src/report/chart/svg.ts';
import type { Day } from '../../../src/report/value.ts';
import { HOSTILE, HOSTILE_RAW, hostileMixture } from '../hostile.ts';

/** The names of the elements in their order, with depth; throws for what is no well-formed XML. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const found: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [A-Za-z0-9:-]+="[^"<&]*(?:&(?:amp|lt|gt|quot|#39);[^"<&]*)*")*)(\/?)>|([^<]+)/y;
  const end = xml.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`Not well-formed at ${xml.slice(at, at + 40)}`);
    const [, closing, name = '', , empty, text] = match;
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`A bare ampersand in ${text}`);
      continue;
    }
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    found.push(`${'.'.repeat(open.length)}${name}`);
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`Never closed: ${open.join(', ')}`);
  return found;
}

function day(name: string, rate: number | null): Day {
  return {
    day: name,
    sessions: 1,
    active_s: 3600,
    prompts: 1,
    tool_calls: 1,
    tool_errors: 0,
    output_tokens: null,
    cost_usd: null,
    incidents: rate ?? 0,
    per_active_hour: rate,
    per_active_hour_low: rate === null ? null : rate / 2,
    per_active_hour_high: rate === null ? null : rate * 2,
  };
}

describe('the chart of friction per active hour', () => {
  const chart = frictionChart([day('2026-02-09', 2), day('2026-02-10', 4), day('2026-02-12', 1)]) ?? '';

  test('is well-formed, with a point for each day and a line only between neighbours', () => {
    const elements = elementsOf(chart);
    expect(elements[0]).toBe('svg');
    expect(elements.filter((name) => name === '..circle')).toHaveLength(3);
    // Five lines of the grid, and one from the 9th to the 10th.
    expect(elements.filter((name) => name === '.line')).toHaveLength(6);
  });

  test('puts rates where the scale says', () => {
    // The scale ends at 8 (ticks of 2): 4 lies in the middle of 40..224, 2 at three quarters; four days share 656 pixels.
    expect(chart).toContain('<circle cx="130" cy="178" r="3"/>');
    expect(chart).toContain('<circle cx="294" cy="132" r="3"/>');
    expect(chart).toContain('<title>2026-02-10: 4.0 (2.0 to 8.0)</title>');
    expect([...chart.matchAll(/text-anchor="end"[^>]*>([^<]+)</g)].map(([, text]) => text)).toEqual([
      '0',
      '2',
      '4',
      '6',
      '8',
    ]);
  });

  test('holds no script, no link and nothing from elsewhere (T26)', () => {
    expect(new Set(elementsOf(chart).map((name) => name.replaceAll('.', '')))).toEqual(
      new Set(['svg', 'title', 'text', 'line', 'g', 'circle']),
    );
    expect(chart.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/:\/\/|href|url\(|on[a-z]+=|style/);
  });

  test('is not drawn where no day has a rate', () => {
    expect(frictionChart([])).toBeNull();
    expect(frictionChart([day('2026-02-09', null)])).toBeNull();
  });

  test('is drawn also where nothing happened', () => {
    expect(elementsOf(frictionChart([day('2026-02-09', 0)]) ?? '')).toContain('..circle');
  });

  test('has the same elements whatever a text of it says (T26)', () => {
    const page = (text: string): string =>
      element('svg', { class: text }, [element('title', {}, [textNode(text)]), element('g', { id: text })]);
    for (const text of [...HOSTILE, ...HOSTILE_RAW]) expect(elementsOf(page(text))).toEqual(['svg', '.title', '.g']);
    fc.assert(
      fc.property(hostileMixture, (text) => {
        expect(elementsOf(page(text))).toEqual(['svg', '.title', '.g']);
      }),
      { numRuns: 200, seed: 20260211 },
    );
  });
});

test('the days between two dates, over the end of a month', () => {
  expect(dayNames('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
});

test.each([
  [[0, 7, 3.5], '\u2581\u2588\u2585'],
  [[null, 2, null], '\u00b7\u2588\u00b7'],
  [[0, 0], '\u2581\u2581'],
  [[null], ''],
  [[], ''],
])('the trend of %j', (values, expected) => {
  expect(sparkline(values)).toBe(expected);
});
