import type { Report } from '../value.ts';
import { holds, type Condition } from './condition.ts';
import { figureOf } from './figures.ts';

/** What became of one condition. A figure that is not known never fires. */
export interface Alert {
  readonly condition: string;
  readonly value: number | null;
  readonly fired: boolean;
}

export function checkConditions(conditions: readonly Condition[], report: Report): readonly Alert[] {
  return conditions.map((condition) => {
    const value = figureOf(report, condition.name);
    return { condition: condition.text, value, fired: value !== null && holds(condition, value) };
  });
}

/** `ALERT friction.permission.rate > 0.3 (it is 0.42)`; only what fired and what is not known is said. */
export function alertTexts(alerts: readonly Alert[]): readonly string[] {
  return alerts.flatMap(({ condition, value, fired }) => {
    if (value === null) return [`not known, so not checked: ${condition}`];
    return fired ? [`ALERT ${condition} (it is ${Number(value.toPrecision(6))})`] : [];
  });
}
