import { never, UsageError } from '../../core/errors.ts';
import type { KnownFigures } from './figures.ts';

const operators = ['<=', '>=', '<', '>', '='] as const;
type Operator = (typeof operators)[number];

/** `friction.permission.rate > 0.3`. */
export interface Condition {
  /** As the person wrote it, spaces made even. */
  readonly text: string;
  readonly name: string;
  readonly operator: Operator;
  readonly limit: number;
}

const SHAPE = /^\s*([a-z][a-z0-9_.]*)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*$/;
const EXAMPLE = 'friction.permission.rate > 0.3';

/** Reads one `--alert`; a wrong form, and a figure that is not known, is a UsageError that says what there is. */
export function parseCondition(written: string, { names, listed }: KnownFigures): Condition {
  const match = SHAPE.exec(written);
  const operator = operators.find((candidate) => candidate === match?.[2]);
  const [, name = '', , number = ''] = match ?? [];
  if (match === null || operator === undefined) {
    throw new UsageError(`Expected --alert to be such as "${EXAMPLE}", got "${written}".`, listed);
  }
  if (!names.has(name)) throw new UsageError(`--alert knows no figure "${name}".`, listed);
  return { text: `${name} ${operator} ${number}`, name, operator, limit: Number(number) };
}

export function holds({ operator, limit }: Condition, value: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return value === limit;
    default:
      return never(operator);
  }
}
