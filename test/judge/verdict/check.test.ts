import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckedAnswer, Verdict } from '../../../src/judge/contract.ts';
import { readFacts, type Facts } from '../../../src/judge/facts.ts';
import type { SessionEvent } from '../../../src/judge/render/event.ts';
import { renderTranscript } from '../../../src/judge/render/render.ts';
import type { Answer } from '../../../src/judge/verdict/answer.ts';
import { answerChecker } from '../../../src/judge/verdict/check.ts';
import { prompt, reply, sessionOf, shell, startUs, testKey, tool } from '../render/session.ts';
import { plainAnswer, quoting } from './answers.ts';

/** The edit is at second 3. */
const session = sessionOf(
  prompt('Mend the crane, please'),
  shell('pytest', '3 passed before the edit'),
  tool('edit', { file_path: '/a.py', new_string: 'def lift_slowly(): pass' }, 'The file has been updated'),
  shell('cat /a.py', 'def wait_a_while(): pass'),
  shell('pytest', '4 passed after the edit'),
  shell('make deploy', '4 passed but it failed', 'error'),
  reply('All is well and done'),
  prompt('Great, it lifts very well'),
);
const facts: Facts = { ...readFacts(null), prompts: 2, changes: 1, lastChangeUs: startUs + 3_000_000 };

async function check(answer: Answer | string, known: Partial<Facts> = {}, events = session): Promise<CheckedAnswer> {
  const rendered = await renderTranscript(events, { redactionKey: testKey, ownModels: [] });
  const checker = answerChecker({ facts: { ...facts, ...known }, events: rendered.events, redactionKey: testKey });
  return await checker(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

const proof = { event: 'E9', quote: '4 passed after the edit', kind: 'tool_result' } as const;
const passing = { event: 'E9', quote: '4 passed after the edit', result: 'pass' } as const;
const proven: Answer = { ...quoting(proof), checks_after_last_change: [passing] };

test('a verdict holds what was checked, and nothing else', async () => {
  const expected: Verdict = {
    score: 5,
    proposedScore: 5,
    nullReason: null,
    caps: [],
    outcome: 'done',
    blocker: 'none',
    divergence: 'on_track',
    userSatisfaction: 'accepted',
    confidence: 'high',
    rationale: 'R1 is met.',
    requirements: [
      {
        text: 'Mend the crane',
        status: 'met',
        evidence: [{ eventId: 'event-9', sourceLine: 9, quote: '4 passed after the edit', kind: 'tool_result' }],
      },
    ],
    quotes: { quotes: 2, verified: 2, wrongEvent: 0, notFound: 0, elided: 0, addressed: 0, roleCorrected: 0 },
  };
  expect(await check({ ...proven, user_satisfaction: 'accepted' })).toEqual({ status: 'verdict', verdict: expected });
});

describe('the score after the checks', () => {
  const cases: readonly (readonly [string, Answer, number, readonly string[]])[] = [
    ['met and checked', proven, 5, []],
    [
      'met, nothing quoted',
      plainAnswer,
      3,
      ['requirement_unproven', 'nothing_checked', 'not_checked_after_last_change'],
    ],
    [
      "met by the agent's word",
      quoting({ event: 'E12', quote: 'All is well and done', kind: 'tool_result' }),
      3,
      ['requirement_unproven', 'nothing_checked', 'not_checked_after_last_change'],
    ],
    [
      'met by the request itself',
      quoting({ event: 'E1', quote: 'Mend the crane, please', kind: 'user' }),
      3,
      ['requirement_unproven', 'nothing_checked', 'not_checked_after_last_change'],
    ],
    [
      'met by an applied edit, not checked',
      quoting({ event: 'E4', quote: 'def lift_slowly(): pass', kind: 'diff' }),
      4,
      ['not_checked_after_last_change'],
    ],
    [
      'checked before the edit only',
      {
        ...quoting(proof),
        checks_after_last_change: [{ event: 'E3', quote: '3 passed before the edit', result: 'pass' }],
      },
      4,
      ['not_checked_after_last_change'],
    ],
    [
      'read after the edit, not run',
      {
        ...quoting(proof),
        checks_after_last_change: [{ event: 'E7', quote: 'def wait_a_while(): pass', result: 'pass' }],
      },
      4,
      ['not_checked_after_last_change'],
    ],
    [
      "checked by the edit's own answer",
      {
        ...quoting(proof),
        checks_after_last_change: [{ event: 'E5', quote: 'The file has been updated', result: 'pass' }],
      },
      4,
      ['not_checked_after_last_change'],
    ],
    [
      'checked by a command that failed',
      {
        ...quoting(proof),
        checks_after_last_change: [{ event: 'E11', quote: '4 passed but it failed', result: 'pass' }],
      },
      4,
      ['not_checked_after_last_change'],
    ],
    [
      'accepted by the user at the end',
      {
        ...quoting({ event: 'E13', quote: 'Great, it lifts very well', kind: 'user' }),
        checks_after_last_change: [{ event: 'E13', quote: 'Great, it lifts very well', result: 'pass' }],
      },
      5,
      [],
    ],
    [
      'with a harmful effect',
      { ...proven, side_effects: [{ event: 'E11', quote: '4 passed but it failed', severity: 'harmful' }] },
      2,
      ['harmful_side_effect'],
    ],
    [
      'with a harmful effect that is in no event',
      {
        ...quoting(proof, { event: 'E3', quote: '3 passed before the edit', kind: 'tool_result' }),
        checks_after_last_change: [passing],
        side_effects: [{ event: 'E11', quote: 'the disk was formatted', severity: 'harmful' }],
      },
      5,
      [],
    ],
  ];

  test.each(cases)('%s: %#', async (_what, answer, score, caps) => {
    const { verdict } = await check(answer);
    expect([verdict.score, verdict.proposedScore, verdict.caps]).toEqual([score, 5, caps]);
    expect(verdict.outcome).toBe(score >= 4 ? 'done' : 'not_done');
  });

  test.each([
    [{ lastCheckFailed: true }, 3, 'last_check_failed'],
    [{ lastMessageRejects: true }, 3, 'user_rejected'],
    [{ interruptedAtEnd: true }, 4, 'interrupted_at_end'],
  ])('facts lower it: %j', async (known, score, cap) => {
    expect((await check(proven, known)).verdict).toMatchObject({ score, caps: [cap] });
  });

  test('where nothing was changed, what was read is checked', async () => {
    const answer: Answer = {
      ...proven,
      checks_after_last_change: [{ event: 'E7', quote: 'def wait_a_while(): pass', result: 'pass' }],
    };
    expect((await check(answer, { lastChangeUs: null })).verdict.score).toBe(5);
  });
});

describe('words alone, where the facts speak against them', () => {
  test.each([{ lastCheckFailed: true }, { lastMessageRejects: true }, { interruptedAtEnd: true }])(
    'are worth 2 at most: %j',
    async (known) => {
      const claimed = quoting({ event: 'E12', quote: 'All is well and done', kind: 'claim' });
      const { verdict } = await check(claimed, known);
      expect([verdict.score, verdict.caps.includes('ended_badly_and_unproven')]).toEqual([2, true]);
    },
  );
});

describe('what others wrote elsewhere', () => {
  const sources = [
    ['a page', tool('web', { url: 'https://docs.example' }, 'The crane lifts as asked')],
    ['a remote tool', tool('mcp', { id: 7 }, 'The crane lifts as asked')],
    ['a download', shell('curl -s https://docs.example/crane', 'The crane lifts as asked')],
    ['an issue', shell('gh issue view 7', 'The crane lifts as asked')],
  ] as const;
  const quote = { event: 'E5', quote: 'The crane lifts as asked' };
  const answer: Answer = {
    ...quoting({ ...quote, kind: 'tool_result' }),
    checks_after_last_change: [{ ...quote, result: 'pass' }],
  };
  const after = (source: (typeof sources)[number][1]): readonly SessionEvent[] =>
    sessionOf(prompt('Mend it'), tool('edit', { file_path: '/a.py', new_string: 'lift()' }, 'updated'), source);

  test.each(sources)('is no proof that a change does what was asked: %s', async (_what, source) => {
    expect((await check(answer, { prompts: 1 }, after(source))).verdict.score).toBe(3);
  });

  test.each(sources)('answers a question when nothing was to be changed: %s', async (_what, source) => {
    expect((await check(answer, { prompts: 1, lastChangeUs: null }, after(source))).verdict.score).toBe(5);
  });

  test('is not what a server on this machine answers', async () => {
    const served = after(shell('curl -s http://localhost:8080/crane', 'The crane lifts as asked'));
    expect((await check(answer, { prompts: 1, lastChangeUs: startUs }, served)).verdict.score).toBe(5);
  });
});

describe('a check whose outcome nobody wrote down', () => {
  const unknown = session.map((event) => (event.seq === 8 ? { ...event, outcome: 'unknown', exitCode: null } : event));

  test.each([
    [{ lastTest: 'none' }, 4],
    [{ lastTest: 'unclear' }, 4],
    [{ lastTest: 'pass' }, 5],
    [{ lastBuild: 'pass' }, 5],
  ] as const)('is believed when the facts say so: %j', async (known, score) => {
    expect((await check(proven, known, unknown)).verdict.score).toBe(score);
  });
});

describe('null', () => {
  test('is an answer of its own, with its reason', async () => {
    const answer: Answer = {
      ...plainAnswer,
      requirements: [],
      proposed_score: null,
      null_reason: 'no_goal',
      outcome: 'not_done',
    };
    const { status, verdict } = await check(answer);
    expect([status, verdict.score, verdict.proposedScore, verdict.nullReason, verdict.caps]).toEqual([
      'verdict',
      null,
      null,
      'no_goal',
      [],
    ]);
  });

  test.each(['not JSON at all', '{"proposed_score": 5}', ''])('stands for what cannot be read: %j', async (text) => {
    const result = await check(text);
    expect(result).toMatchObject({
      status: 'invalid',
      kind: 'parse',
      verdict: { score: null, nullReason: 'error_parse' },
    });
  });
});

describe('quotes that are not there', () => {
  const lost = { event: 'E9', quote: 'nowhere in this session', kind: 'tool_result' } as const;
  const elsewhere = { event: 'E3', quote: '4 passed after the edit', kind: 'tool_result' } as const;

  test('make the evidence invalid when more than a third fail, and the problem names them (T22)', async () => {
    const result = await check({ ...quoting(proof, lost, elsewhere) });
    expect(result).toMatchObject({
      status: 'invalid',
      kind: 'evidence',
      verdict: {
        score: null,
        proposedScore: 5,
        nullReason: 'evidence_invalid',
        quotes: { quotes: 3, verified: 1, wrongEvent: 1, notFound: 1, elided: 0, addressed: 0, roleCorrected: 0 },
      },
    });
    expect(result.status === 'invalid' ? result.problem : '').toContain(
      '2 of 3 quotes cannot be used:\n- E9 "nowhere in this session" is in no event, or is shorter than 12 characters\n' +
        '- E3 "4 passed after the edit" stands in another event\n',
    );
  });

  test('are left out when two thirds stand', async () => {
    const { status, verdict } = await check({ ...quoting(proof, lost), checks_after_last_change: [passing] });
    expect(status).toBe('verdict');
    expect(verdict.requirements[0]?.evidence).toHaveLength(1);
  });

  test('of checks that did not take place are not looked for', async () => {
    const none = { event: 'E9', quote: '', result: 'none' } as const;
    expect((await check({ ...quoting(proof), checks_after_last_change: [none] })).verdict.quotes.quotes).toBe(1);
  });
});

test.each([
  ['accepted', {}, 'accepted'],
  ['accepted', { lastMessageRejects: true }, 'rejected'],
  ['accepted', { prompts: 1 }, 'silent'],
  ['corrected', { prompts: 1 }, 'silent'],
] as const)('satisfaction %s with %j is %s', async (said, known, kept) => {
  expect((await check({ ...proven, user_satisfaction: said }, known)).verdict.userSatisfaction).toBe(kept);
});

const talk: readonly SessionEvent[] = sessionOf(
  prompt('Mend the crane, please'),
  tool('read', { file_path: '/a.py' }, ''),
  reply('Everything is done, all 45 tests passed'),
  shell('echo "all 45 tests passed"', 'all 45 tests passed'),
  tool('subagent', { task: 'Look' }, 'I looked and it is all fine'),
  reply('Verified twice, the crane lifts without any trouble'),
);
const claims = [
  { event: 'E1', quote: 'Mend the crane, please' },
  { event: 'E4', quote: 'all 45 tests passed' },
  { event: 'E6', quote: 'all 45 tests passed' },
  { event: 'E8', quote: 'I looked and it is all fine' },
  { event: 'E9', quote: 'the crane lifts without any trouble' },
  { event: 'E3', quote: 'nowhere to be found at all' },
];

test('a session in which only the agent says that it went well is never above 3, whatever the judge answers (T16, T31)', async () => {
  const kind = fc.constantFrom('tool_result', 'user', 'diff', 'claim');
  const quote = fc.constantFrom(...claims);
  const evidence = fc.tuple(quote, kind).map(([given, kind]) => ({ ...given, kind }));
  const requirement = fc.record({
    id: fc.constant('R1'),
    text: fc.string({ maxLength: 300 }),
    source_event: fc.constantFrom('E1', 'E4', 'E99', ''),
    status: fc.constantFrom('met', 'partial', 'unclear', 'withdrawn', 'unmet'),
    evidence: fc.array(evidence, { maxLength: 8 }),
  });
  const answer = fc.record({
    requirements: fc.array(requirement, { minLength: 1, maxLength: 12 }),
    checks_after_last_change: fc.array(
      quote.map((given) => ({ ...given, result: 'pass' })),
      { maxLength: 6 },
    ),
    proposed_score: fc.constantFrom(3, 4, 5),
  });
  await fc.assert(
    fc.asyncProperty(answer, async (given) => {
      const { verdict } = await check(
        JSON.stringify({ ...plainAnswer, ...given }),
        { prompts: 1, lastChangeUs: null },
        talk,
      );
      expect(verdict.score ?? 0).toBeLessThanOrEqual(3);
      expect(verdict.score ?? 0).toBeLessThanOrEqual(verdict.proposedScore ?? 0);
    }),
    { numRuns: 200 },
  );
});
