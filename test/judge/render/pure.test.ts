import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/judge/prompt/canonical.ts';
import type { SessionEvent } from '../../../src/judge/render/event.ts';
import { renderTranscript } from '../../../src/judge/render/render.ts';
import { prompt, reply, sessionOf, shell, testKey, tool } from './session.ts';

const session = sessionOf(
  prompt('Mend the crane \u{1f3d7}, ok? A\u0308rger'),
  tool('read', { file_path: '/srv/crane.py' }, 'def lift():\n    pass'),
  tool('edit', { file_path: '/srv/crane.py', old_string: 'pass', new_string: 'up()' }, 'updated'),
  shell('pytest -q', '12 passed in 1.2s'),
  reply('Mended.'),
);

async function hashOf(events: readonly SessionEvent[]): Promise<string> {
  const { text } = await renderTranscript(events, { redactionKey: testKey, ownModels: [] });
  return sha256(text);
}

/** A fixed rotation and swap for each round: other orders, but the same in every run of the test. */
function shuffled(events: readonly SessionEvent[], round: number): readonly SessionEvent[] {
  return [...events].sort((a, b) => ((a.seq * 7 + round) % 11) - ((b.seq * 7 + round) % 11));
}

describe('the same events give the same text', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    process.env['TZ'] = zone;
  });

  test('a hundred times, in any order of the rows', async () => {
    const hashes = new Set<string>();
    for (let round = 0; round < 100; round += 1) hashes.add(await hashOf(shuffled(session, round)));
    expect([...hashes]).toEqual([await hashOf(session)]);
  });

  test.each(['UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia'])('in the zone %s', async (name) => {
    const here = await hashOf(session);
    process.env['TZ'] = name;
    expect(await hashOf(session)).toBe(here);
  });

  test('on a machine of any language: nothing that depends on it is called', () => {
    const folder = fileURLToPath(new URL('../../../src/judge/', import.meta.url));
    const files = ['render', 'prompt', 'verdict'].flatMap((room) =>
      readdirSync(`${folder}${room}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${folder}${room}/${name}`),
    );
    expect(files.length).toBeGreaterThan(15);
    const code = (file: string): string => readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const words = /\.toLocale\w+\(|\.localeCompare\(|\bIntl\.|new Date\(|Date\.now|Math\.random|process\.env/;
    expect(files.filter((file) => words.test(code(file)))).toEqual([]);
  });

  test('another key changes only the marks of secrets', async () => {
    const other = await renderTranscript(session, { redactionKey: new Uint8Array(32).fill(8), ownModels: [] });
    expect(sha256(other.text)).toBe(await hashOf(session));
  });

  test('events at one moment stand in the order of their source', async () => {
    const [first, second] = sessionOf(prompt('One'), {
      ...prompt('Two'),
      tsUs: Date.parse('2026-03-02T10:00:00Z') * 1000,
    });
    if (first === undefined || second === undefined) throw new TypeError('Expected two events');
    const { text } = await renderTranscript([second, first], { redactionKey: testKey, ownModels: [] });
    expect(text).toBe('[E1] user: message\n| One\n[E2] user: message\n| Two');
  });
});
