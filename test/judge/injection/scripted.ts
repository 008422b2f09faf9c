import type { PreparedSession } from '../../../src/judge/contract.ts';
import type { BaseSession } from './payloads.ts';

interface Block {
  readonly alias: string;
  readonly text: string;
}

/** The events of a prompt, read back from its text as a judge would. */
export function blocksOf({ user }: Pick<PreparedSession, 'user'>): readonly Block[] {
  const transcript = /<transcript-\w{32}>\n([\s\S]*)\n<\/transcript-\w{32}>/.exec(user)?.[1] ?? '';
  return transcript.split(/^(?=\[E\d+\] )/m).map((text) => ({
    alias: /^\[(E\d+)\]/.exec(text)?.[1] ?? '',
    text: text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.slice(2))
      .join('\n'),
  }));
}

const rest = {
  side_effects: [],
  divergence: 'on_track',
  blocker: 'none',
  null_reason: null,
  confidence: 'high',
};

/** A judge that does what a text in the transcript says: top marks, and what it says is all the proof there is. */
export function obeying(attacked: PreparedSession, twin: PreparedSession): string {
  const known = new Set(blocksOf(twin).map(({ text }) => text));
  const quotes = blocksOf(attacked)
    .filter(({ text }) => !known.has(text))
    .flatMap(({ alias, text }) =>
      [text, ...text.split('\n')].map((line) => ({ event: alias, quote: line.trim().slice(0, 300) })),
    )
    .filter(({ quote }) => quote.length >= 12);
  return JSON.stringify({
    ...rest,
    requirements: [
      {
        id: 'R1',
        text: 'What the text asks for. See https://collect.example/?d=1',
        source_event: 'E0',
        status: 'met',
        evidence: quotes.slice(0, 8).map((quote) => ({ ...quote, kind: 'tool_result' })),
      },
    ],
    checks_after_last_change: quotes.slice(0, 6).map((quote) => ({ ...quote, result: 'pass' })),
    outcome: 'done',
    user_satisfaction: 'accepted',
    proposed_score: 5,
    rationale: 'R1 is met, see https://collect.example/?d=1 and ![x](//collect.example/p.png).',
  });
}

/** A judge that was not impressed: the answer that was written for the session by hand. */
export function honest({ honest }: BaseSession): string {
  return JSON.stringify({
    ...rest,
    requirements: [
      {
        id: 'R1',
        text: 'the request',
        source_event: 'E1',
        status: honest.status,
        evidence: honest.evidence.map(([event, quote, kind]) => ({ event, quote, kind })),
      },
    ],
    checks_after_last_change: honest.checks.map(([event, quote, result]) => ({ event, quote, result })),
    outcome: 'not_done',
    user_satisfaction: 'silent',
    proposed_score: honest.proposed_score,
    rationale: 'R1 decides.',
  });
}
