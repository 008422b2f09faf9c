import { expect, test } from 'vitest';
import { prepare } from '../../../src/judge/prompt/prepare.ts';
import { readFacts } from '../../../src/judge/facts.ts';
import { prompt, reply, sessionOf, shell, testKey, tool } from './session.ts';

// Made of parts, so that no scanner takes this file for a leak.
const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
const password = 'tr0ub4dor-and-3';

test('a planted secret, a home and an address of a person are in no byte of what is sent or stored (T15)', async () => {
  const cut = 'x'.repeat(480);
  const prepared = await prepare(
    { agent: 'claude-code', sessionId: 's', project: null },
    {
      events: sessionOf(
        prompt(`Use ${token} and write to ada@example.com`),
        shell(`export GITHUB_TOKEN=${token}`, `password=${password}\n/home/ada/harbor`),
        tool('write', { file_path: '/home/ada/harbor/.env', content: `DB_PASSWORD=${password}` }, 'written'),
        // Cut in the middle of the secret, had redaction not come first.
        shell('cat long', `${cut} ${token} ${'y'.repeat(4000)}`),
        shell('cat colours', `token ${token.slice(0, 12)}\u001b[31m${token.slice(12)}\u001b[0m`),
        reply(`I used ${token}`),
      ),
      facts: readFacts(null),
      models: [],
    },
    { redactionKey: testKey },
  );
  const checked = await prepared.check(
    JSON.stringify({
      requirements: [
        {
          id: 'R1',
          text: `use ${token}`,
          source_event: 'E1',
          status: 'met',
          evidence: [{ event: 'E10', quote: 'I used [secret:github', kind: 'claim' }],
        },
      ],
      checks_after_last_change: [],
      side_effects: [],
      divergence: 'on_track',
      blocker: 'none',
      user_satisfaction: 'silent',
      outcome: 'done',
      proposed_score: 3,
      null_reason: null,
      confidence: 'low',
      rationale: `R1 needs ${token} of ada@example.com`,
    }),
  );
  const everything = JSON.stringify([prepared, checked]);
  expect(checked.status).toBe('verdict');
  for (const hidden of [token, token.slice(4, 24), password, 'ada@example.com', '/home/ada']) {
    expect(everything).not.toContain(hidden);
  }
  expect(prepared.user).toContain('[secret:github:');
});
