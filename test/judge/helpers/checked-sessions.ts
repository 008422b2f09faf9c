import { join } from 'node:path';
import {
  callLine,
  minute,
  promptLine,
  resultLine,
  sessionNumber,
  uuidNumber,
  writeLines,
} from '../../helpers/claude.ts';
import type { Seen } from './server.ts';

/** Sessions with an edit and a test, which fails in every third. */
export function writeSessions(root: string, count: number): void {
  for (let n = 1; n <= count; n += 1) {
    const at = (step: number) => ({
      session: sessionNumber(n),
      uuid: uuidNumber(10 * n + step),
      at: minute(10 * n + step),
    });
    writeLines(join(root, '-home-ann-shop', `${sessionNumber(n)}.jsonl`), [
      promptLine(at(1), `Make test ${n} pass.`),
      callLine(at(2), `edit${n}`, 'Edit', {
        file_path: '/home/ann/shop/a.py',
        old_string: 'a',
        new_string: `lift_number_${n}()`,
      }),
      resultLine(at(3), `edit${n}`, 'The file has been updated.'),
      callLine(at(4), `call${n}`, 'Bash', { command: 'pytest' }),
      resultLine(
        at(5),
        `call${n}`,
        n % 3 === 0 ? `${n} failed in 2.0s, none passed` : `${n} passed in 2.0s, none left out`,
      ),
    ]);
  }
}

/** Reads the transcript as a judge would: met when the last result says so, with the words that say it. Without `trust` nothing is met. */
export function answerTo({ json }: Pick<Seen, 'json'>, trust = true): string {
  const text = JSON.stringify(json['messages']);
  const [, number = ''] = /Make test (\d+) pass/.exec(text) ?? [];
  const hasFailed = text.includes(`${number} failed in 2.0s`);
  const failed = hasFailed || !trust;
  const quote = hasFailed ? `${number} failed in 2.0s, none passed` : `${number} passed in 2.0s, none left out`;
  return JSON.stringify({
    requirements: [
      {
        id: 'R1',
        text: `make test ${number} pass`,
        source_event: 'E1',
        status: failed ? 'unmet' : 'met',
        evidence: [{ event: 'E5', quote, kind: 'tool_result' }],
      },
    ],
    checks_after_last_change: [{ event: 'E5', quote, result: failed ? 'fail' : 'pass' }],
    side_effects: [],
    divergence: 'on_track',
    blocker: 'none',
    user_satisfaction: 'silent',
    outcome: failed ? 'not_done' : 'done',
    proposed_score: 5,
    null_reason: null,
    confidence: 'high',
    rationale: 'R1 decides.',
  });
}
