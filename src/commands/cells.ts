import { formatCount, formatTokens, formatUsd, plural } from '../core/figures.ts';
import { asArray, asNumber, asText, type JsonObject } from '../core/json.ts';
import { formatDuration, formatInstant, isoMoment } from '../core/time.ts';

/** What a table shows of a value that is not known. */
const NOTHING = '-';

/** The cells of one row of a view, as people read them. */
export interface Cells {
  readonly text: (name: string) => string;
  readonly count: (name: string) => string;
  /** `1 line`, `12 lines`. */
  readonly counted: (name: string, noun: string) => string;
  readonly duration: (name: string) => string;
  readonly tokens: (...names: readonly string[]) => string;
  readonly usd: (name: string) => string;
  readonly instant: (name: string) => string;
  readonly list: (name: string) => string;
}

export function cellsOf(row: JsonObject, zone: string): Cells {
  const number = (name: string, format: (value: number) => string): string => {
    const value = asNumber(row[name]);
    return value === null ? NOTHING : format(value);
  };
  return {
    text: (name) => asText(row[name]) ?? NOTHING,
    count: (name) => number(name, formatCount),
    counted: (name, noun) => number(name, (value) => plural(value, noun)),
    duration: (name) => number(name, formatDuration),
    usd: (name) => number(name, formatUsd),
    tokens: (...names) => {
      const known = names.map((name) => asNumber(row[name])).filter((value) => value !== null);
      return known.length === 0 ? NOTHING : formatTokens(known.reduce((sum, value) => sum + value, 0));
    },
    instant: (name) => {
      const moment = isoMoment(asText(row[name]) ?? '', 'UTC');
      return moment === null ? NOTHING : formatInstant(moment, zone);
    },
    list: (name) => (asArray(row[name]) ?? []).map(String).join(', ') || NOTHING,
  };
}

export const tokenColumns = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
] as const;
