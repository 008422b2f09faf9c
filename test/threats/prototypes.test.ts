import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agents } from '../../src/agents/index.ts';
import { rowObjects } from '../../src/commands/format.ts';
import { isObject, type Json } from '../../src/core/json.ts';
import { parseRegister } from '../../src/fixes/register.ts';
import { parseJudgeFile } from '../../src/judge/settings.ts';
import { newReadSink } from '../../src/read/records.ts';
import { readRecords } from '../../src/read/whole.ts';
import { repository } from '../helpers/cli.ts';

const poison =
  '"__proto__":{"polluted":"yes","type":"user"},"constructor":{"prototype":{"polluted":"yes"}},"prototype":{"polluted":"yes"}';

/** The same JSON with the names in every object of it that lead to what all objects share. */
function poisoned(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(poisoned).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const own = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}:${poisoned(entry ?? null)}`);
  return `{${[...own, poison].join(',')}}`;
}

function poisonedText(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      try {
        const value: Json = JSON.parse(line);
        return poisoned(value);
      } catch {
        return line;
      }
    })
    .join('\n');
}

const shared = (): unknown =>
  Reflect.get({}, 'polluted') ?? Reflect.get([], 'polluted') ?? Reflect.get(String, 'polluted');

let events = 0;

test.each(agents.map((agent) => [agent.id, agent] as const))(
  '%s: records with the names that every object has change no object but their own (T06)',
  async (id, agent) => {
    const adapt = await agent.loadAdapter();
    const folder = join(repository, 'fixtures', id);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /input.*\.jsonl?$/.test(name),
    );
    for (const name of files) {
      const relative = name.slice(name.indexOf('input') + 'input/'.length);
      const hint = agent.recognise(relative) ?? agent.hintFor(relative);
      const bytes = Buffer.from(poisonedText(readFileSync(join(folder, name), 'utf8')));
      const records = [...readRecords([bytes], name, hint.form, newReadSink())];
      events += [...adapt(records, hint)].length;
    }

    expect(shared()).toBeUndefined();
  },
);

test('those records gave events', () => expect(events).toBeGreaterThan(500));

test('settings and columns with such names change no object but their own (T06)', () => {
  expect(() => parseRegister('fixes:\n  - __proto__: {polluted: yes}\n    id: 1\n', 'fixes.yaml', 'UTC')).toThrow(
    /__proto__/,
  );
  expect(() =>
    parseJudgeFile('__proto__: {polluted: yes}\nconstructor: {prototype: {polluted: yes}}\n', 'judge.yaml'),
  ).toThrow(/judge\.yaml/);
  expect(JSON.stringify(rowObjects({ columns: ['__proto__', '__proto__'], rows: [[{ polluted: 'yes' }, 1]] }))).toBe(
    '[{"__proto__":{"polluted":"yes"},"__proto___2":1}]',
  );
  expect(shared()).toBeUndefined();
});
