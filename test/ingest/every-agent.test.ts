import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { agents } from '../../src/agents/index.ts';
import type { Agent } from '../../src/agents/agent.ts';
import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../../src/core/json.ts';
import { filesUnder } from '../agents/cases.ts';
import { scratchForFile } from '../helpers/scratch.ts';
import { eventFiles, eventRows, syncStore, treeHashes } from '../helpers/store.ts';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures');
const counters = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
] as const;

interface Case {
  readonly agent: Agent;
  readonly name: string;
  readonly input: string;
  readonly expected: JsonObject;
}

/** The cases whose files their paths tell: exports of databases stand for a member and are no files of the agent. */
const cases: readonly Case[] = agents.flatMap((agent) =>
  fs.readdirSync(path.join(fixtures, agent.id)).flatMap((name) => {
    const folder = path.join(fixtures, agent.id, name);
    const expected: JsonObject = JSON.parse(fs.readFileSync(path.join(folder, 'expected.json'), 'utf8'));
    const told = Object.values(expected).every((file) => asObject(file)?.['hint'] === undefined);
    return told ? [{ agent, name, input: path.join(folder, 'input'), expected }] : [];
  }),
);

type Totals = Readonly<Record<string, number>>;

/** Tokens of one case by hand: of the copies of a usage event the largest of each counter. */
function totalsByHand({ expected }: Case): Totals {
  const largest = new Map<string, JsonObject>();
  for (const event of Object.values(expected).flatMap((file) => asArray(asObject(file)?.['events']) ?? [])) {
    const usage = asObject(event);
    const key = asText(usage?.['key']);
    if (usage === null || key === null || usage['kind'] !== 'usage') continue;
    const before = largest.get(key);
    largest.set(key, before === undefined ? usage : larger(before, usage));
  }
  const sum = (counter: string): number =>
    [...largest.values()].reduce((total, usage) => total + (asNumber(usage[counter]) ?? 0), 0);
  return Object.fromEntries(counters.map((counter) => [counter, sum(counter)]));
}

function larger(a: JsonObject, b: JsonObject): JsonObject {
  const largest = (counter: string): Json => Math.max(asNumber(a[counter]) ?? 0, asNumber(b[counter]) ?? 0);
  return Object.fromEntries(counters.map((counter) => [counter, largest(counter)]));
}

const column = (counter: string): string => counter.replace(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`);

async function totalsIn(store: string, where: string): Promise<Totals> {
  const sums = counters.map((counter) => `coalesce(sum("${column(counter)}"), 0)::double as "${counter}"`);
  const [row = {}] = await eventRows(store, `select ${sums.join(', ')} from events where kind = 'usage' and ${where}`);
  return Object.fromEntries(counters.map((counter) => [counter, Number(row[counter])]));
}

const scratch = scratchForFile();
const PIECES_AT_ONCE = 12;
const now = '2027-01-01T00:00:00Z';

describe('the tokens of each case, synced, are those counted by hand', () => {
  test.each(cases.map((each) => [`${each.agent.id}/${each.name}`, each] as const))('%s', async (name, each) => {
    const store = path.join(scratch, 'stores', name.replace('/', '-'));
    const { problems } = await syncStore({ store, roots: [each.input], now });
    expect(problems).toEqual([]);
    expect(await totalsIn(store, 'true')).toEqual(totalsByHand(each));
  });
});

describe('a collected tree of all agents, a person for each case', () => {
  const tree = path.join(scratch, 'tree');
  const store = path.join(scratch, 'store');
  beforeAll(async () => {
    for (const { agent, name, input } of cases) {
      fs.cpSync(input, path.join(tree, `${agent.id}-${name}`), { recursive: true });
    }
    await syncStore({ store, roots: [tree], now });
  });

  test('is read in one run, each file by the agent that wrote it', async () => {
    const read = await eventRows(
      store,
      'select agent, count(distinct source_id)::int as files from events group by agent order by agent',
    );
    const ids = new Set(cases.map(({ agent }) => agent.id));
    expect(read.map(({ agent }) => agent)).toEqual([...ids].sort());
  });

  test('synced twice is the same bytes, and nothing in the tree has changed (P1, F09)', async () => {
    const before = treeHashes(tree);
    const files = await eventFiles(store);
    const again = await syncStore({ store, roots: [tree], now });
    expect(again.files).toMatchObject({ new: 0, grown: 0, replaced: 0, gone: 0 });
    expect(await eventFiles(store)).toEqual(files);
    expect(treeHashes(tree)).toEqual(before);
    expect(filesUnder(tree).length).toBe(cases.reduce((total, { input }) => total + filesUnder(input).length, 0));
  });

  test('gives the same events when it comes piece by piece, in another order', async () => {
    const other = path.join(scratch, 'other');
    const whole = path.join(scratch, 'whole');
    fs.renameSync(tree, whole);
    const pieces = fs.readdirSync(whole).toReversed();
    for (let at = 0; at < pieces.length; at += PIECES_AT_ONCE) {
      for (const piece of pieces.slice(at, at + PIECES_AT_ONCE)) {
        fs.cpSync(path.join(whole, piece), path.join(tree, piece), { recursive: true });
      }
      await syncStore({ store: other, roots: [tree], now });
    }
    expect(await eventFiles(other)).toEqual(await eventFiles(store));
  }, 120_000);
});
