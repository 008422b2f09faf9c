import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { capabilityNames, type Capability } from '../../src/agents/capabilities.ts';
import { agents } from '../../src/agents/index.ts';

const root = resolve(import.meta.dirname, '../..');

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function why(capability: Capability): string {
  return capability.known === 'yes' ? '' : capability.why;
}

// `npx vitest run test/agents/registry.test.ts -u` writes the file anew.
test('the seed of capabilities says what the registry says', async () => {
  const rows = agents.flatMap(({ id, capabilities }) =>
    capabilityNames.map((name) => [id, name, capabilities[name].known, why(capabilities[name])].map(cell).join(',')),
  );
  const csv = `${['agent,capability,known,why', ...rows].join('\n')}\n`;
  await expect(csv).toMatchFileSnapshot(resolve(root, 'sql/seeds/agent_capabilities.csv'));
});

test('no two agents share an id or a title', () => {
  expect(new Set(agents.map(({ id }) => id)).size).toBe(agents.length);
  expect(new Set(agents.map(({ title }) => title)).size).toBe(agents.length);
});

test('the reason of what is not known ends the sentence "unknown, because"', () => {
  const reasons = agents
    .flatMap(({ capabilities }) => Object.values(capabilities).map(why))
    .filter((text) => text !== '');
  expect(reasons.filter((text) => text.endsWith('.') || text.length > 160)).toEqual([]);
});

const home = { env: {}, home: '~', platform: 'linux' } as const;

/** The rows of README's table: what each agent is called, where it is looked for on Linux, what its transcripts tell. */
function readmeRow({ id, title, roots, capabilities }: (typeof agents)[number]): string {
  const place = roots(home)[0]?.path ?? '';
  return `| ${[title, `\`${id}\``, `\`${place}\``, ...capabilityNames.map((name) => capabilities[name].known)].join(' | ')} |`;
}

const squeezed = (line: string): string => line.replaceAll(/ +/g, ' ');

test("README's table of agents is the registry's", () => {
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8');
  const section = /^## Agents\n([\s\S]*?)\n## /m.exec(readme)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => /^\| [^|]+\| `[a-z][a-z-]*` /.test(line));
  expect(rows.map(squeezed)).toEqual(agents.map(readmeRow));
});
