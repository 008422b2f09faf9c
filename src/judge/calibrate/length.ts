const limited = [
  { name: 'no tool calls', most: 0 },
  { name: '1-10 tool calls', most: 10 },
  { name: '11-50 tool calls', most: 50 },
  { name: '51-200 tool calls', most: 200 },
];
const LONGEST = 'over 200 tool calls';
const UNKNOWN = 'unknown length';

/** Lengths of sessions that are compared with each other, shortest first. */
export const lengthBands: readonly string[] = [...limited.map(({ name }) => name), LONGEST, UNKNOWN];

/** The band of a session with so many tool calls; null is not known. */
export function lengthBand(toolCalls: number | null): string {
  if (toolCalls === null) return UNKNOWN;
  return limited.find(({ most }) => toolCalls <= most)?.name ?? LONGEST;
}
