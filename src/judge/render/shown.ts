import type { TextBound } from '../../core/text.ts';
import { elided, grouped } from './elide.ts';
import type { Entry } from './entry.ts';

/** How much of each text is shown. */
export interface Sizes {
  /** Results in the middle that nothing protects. */
  readonly result: TextBound;
  /** Results of checks, failures, and among the last events. */
  readonly kept: TextBound;
  readonly input: TextBound;
  readonly message: TextBound;
}

/** An entry with its number and its text, redacted and cleaned but whole. */
export interface Numbered extends Entry {
  readonly alias: string;
  readonly full: string;
  /** Among the last events, which are never left out. */
  readonly late: boolean;
  /** The first entry with the same long result, when this one is neither the first nor the last of them. */
  readonly sameAs: string | null;
  /** How often that result occurs, for the last of them. */
  readonly times: number | null;
}

/** What of an entry's text is sent. */
export function shownText(entry: Numbered, sizes: Sizes): string {
  if (entry.role === 'user') return entry.full;
  if (entry.sameAs !== null) return `[the same text as ${entry.sameAs}]`;
  if (entry.role === 'tool') {
    const isKept = entry.late || entry.weight === 'check' || entry.weight === 'always';
    return elided(entry.full, isKept ? sizes.kept : sizes.result, true);
  }
  const isCall = entry.event.kind === 'tool_call';
  return elided(entry.full, isCall ? sizes.input : sizes.message, false);
}

/** The lines of one event: a head that no content can imitate, because each line of content begins with a bar. */
export function block(entry: Numbered, text: string, callAlias: string | null): string {
  const call = callAlias === null ? '' : ` of ${callAlias}`;
  const times = entry.times === null ? '' : `, the last of ${grouped(entry.times)} with this text`;
  const head = `[${entry.alias}] ${entry.role}: ${entry.label}${call}${times}`;
  return text === '' ? head : `${head}\n| ${text.replaceAll('\n', '\n| ')}`;
}

/** One line in place of a run of events that are left out. */
export function gapLine(run: readonly Numbered[]): string {
  const first = run[0]?.alias ?? '';
  const last = run.at(-1)?.alias ?? '';
  const count = (kind: string): number => run.filter((entry) => entry.event.kind === kind).length;
  const [calls, results] = [count('tool_call'), count('tool_result')];
  const others = run.length - calls - results;
  return `[... ${first} to ${last} left out: ${grouped(calls)} calls, ${grouped(results)} results, ${grouped(others)} others ...]`;
}

/** No gap line is longer. */
export const GAP_LENGTH = 110;
