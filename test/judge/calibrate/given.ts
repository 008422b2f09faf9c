import { readFlags } from '../../../src/commands/options.ts';
import type { Invocation } from '../../../src/commands/command.ts';
import { openTerminal, type Output } from '../../../src/commands/terminal.ts';
import type { Label } from '../../../src/judge/calibrate/labels-file.ts';
import type { VerdictRow } from '../../../src/judge/calibrate/verdicts.ts';
import type { Score } from '../../../src/judge/contract.ts';
import { ratingsOf, type Rows } from './statistics/matrices.ts';

const scores: readonly Score[] = [1, 2, 3, 4, 5];

export function label(sessionId: string, score: Score | null, more: Partial<Label> = {}): Label {
  return { sessionId, agent: 'pi', score, labeller: 'ann', guidelineVersion: '1', note: '', split: '', ...more };
}

export function verdict(sessionId: string, score: Score | null, more: Partial<VerdictRow> = {}): VerdictRow {
  return {
    agent: 'pi',
    sessionId,
    score,
    judgeVersion: 'v1',
    judgedAt: '2026-02-10T10:00:00Z',
    toolCalls: 5,
    quotes: { all: 4, verified: 4 },
    samples: { asked: 1, areEqual: true },
    ...more,
  };
}

/** Sessions `0`, `1`, ... as a matrix counts them: what one person says, and what the judge says. */
export function fromMatrix(rows: Rows): {
  readonly labels: readonly Label[];
  readonly verdicts: readonly VerdictRow[];
} {
  const ratings = ratingsOf(rows);
  return {
    labels: ratings.map(({ human }, index) => label(String(index), scores[human] ?? null)),
    verdicts: ratings.map(({ judge }, index) => verdict(String(index), scores[judge] ?? null)),
  };
}

interface Given {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly argument?: string;
  readonly atTerminal?: boolean;
  readonly columns?: number;
}

interface Written {
  readonly invocation: Invocation;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** What a command is given, and what it wrote; the time is 2026-02-11T16:00Z. */
export function invoke({ flags, argument, atTerminal = false, columns }: Given): Written {
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => (written[name] += text),
    isTTY: columns !== undefined,
    columns,
  });
  return {
    invocation: {
      flags: readFlags(flags),
      argument,
      second: undefined,
      terminal: openTerminal(output('stdout'), output('stderr'), { NO_COLOR: '1' }),
      surroundings: { env: {}, home: '/nonexistent', platform: 'linux' },
      storeDir: '/nonexistent/sesh',
      zone: 'UTC',
      memoryBytes: 2 ** 30,
      now: () => Date.parse('2026-02-11T16:00:00Z') * 1000,
      io: {
        readStdin: async () => '',
        writeStdout: () => undefined,
        stdinIsTTY: atTerminal,
        stdoutIsTTY: atTerminal,
        stderrIsTTY: atTerminal,
      },
    },
    stdout: () => written.stdout,
    stderr: () => written.stderr,
  };
}
