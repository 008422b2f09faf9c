import { never } from '../../src/core/errors.ts';
import { factsOf, jsonOf, type Fact, type LawRecord } from './records.ts';

/** One line of a file, without its line feed, and what must become of it. */
export interface Line {
  readonly bytes: Buffer;
  readonly class: 'records' | 'salvaged' | 'quarantined' | 'blank';
  readonly facts: readonly Fact[];
  readonly records: readonly LawRecord[];
}

/** What a turn suffers on its way to the disk. */
export type Noise = 'none' | 'blank' | 'spaces' | 'garbage' | 'nul' | 'glued' | 'cut' | 'snapshot' | 'mode';

export function lineOf(record: LawRecord): Line {
  return line(jsonOf(record), 'records', [record]);
}

function line(text: string, lineClass: Line['class'], records: readonly LawRecord[]): Line {
  return { bytes: Buffer.from(text), class: lineClass, facts: records.flatMap(factsOf), records };
}

/** The lines of a turn; `extra` is the record that the noise adds, where it adds one. */
export function damaged(records: readonly LawRecord[], noise: Noise, extra: LawRecord | null): readonly Line[] {
  const lines = records.map(lineOf);
  const first = lines.slice(0, -1);
  const last = records.slice(-1);
  const text = last.map(jsonOf).join('');
  switch (noise) {
    case 'none':
      return lines;
    case 'blank':
      return [...lines, line('', 'blank', [])];
    case 'spaces':
      return [line(' \t\r', 'blank', []), ...lines];
    case 'garbage':
      return [...first, line('not json', 'quarantined', []), ...last.map(lineOf)];
    case 'nul':
      return [...first, line(`${'\0'.repeat(64)}${text}`, 'salvaged', last)];
    case 'glued':
      return [
        ...lines.slice(0, -2),
        line(records.slice(-2).map(jsonOf).join(''), records.length > 1 ? 'salvaged' : 'records', records.slice(-2)),
      ];
    case 'cut':
      // A torn record whose rest never came, and a whole one right behind it.
      return [...first, line(`{"parentUuid":null,"isSidechain":false,"userTy${text}`, 'salvaged', last)];
    case 'snapshot':
    case 'mode':
      return extra === null ? lines : [lineOf(extra), ...lines];
    default:
      return never(noise);
  }
}
