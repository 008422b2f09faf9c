import fs from 'node:fs';
import { agentById } from '../../dist/modules/agents/index.js';
import { readAndCheck } from './invariants.mjs';
import { mutate } from './mutate.mjs';
import { publishAndCheck } from './publish.mjs';
import { caseSeed, Random } from './random.mjs';
import { transcripts } from './seeds.mjs';

/** Runs the cases that the parent names, in a process that may die of one. */
const options = JSON.parse(process.argv[2] ?? '{}');
const byAgent = transcripts(options);
const agents = [...byAgent.keys()].filter((agent) => byAgent.get(agent).length > 0);
/** What the last cases made, to be published together. */
let waiting = [];

process.on('message', (message) => {
  void answer(message);
});
process.send({ agents });

async function answer({ number, publish }) {
  const begun = process.cpuUsage();
  const faults = [];
  try {
    faults.push(...run(number));
    if (publish) faults.push(...(await publishAndCheck(waiting)));
  } catch (error) {
    faults.push(String(error?.stack ?? error));
  }
  if (publish) waiting = [];
  const { user, system } = process.cpuUsage(begun);
  process.send({ number, faults, cpuS: publish ? 0 : (user + system) / 1e6, rss: process.memoryUsage().rss });
}

function run(number) {
  const random = new Random(caseSeed(options.seed, number));
  const agent = agents[number % agents.length];
  const { file, hint, name } = random.of(byAgent.get(agent));
  const bytes = mutate(fs.readFileSync(file), hint.form, random);
  if (options.keep !== undefined) fs.writeFileSync(options.keep, bytes);
  const { events, faults } = readAndCheck(bytes, agentById(agent), hint, name ?? '');
  const again = readAndCheck(bytes, agentById(agent), hint, name ?? '');
  if (JSON.stringify(events) !== JSON.stringify(again.events)) faults.push('the same bytes gave other events');
  if (name !== null) waiting.push({ name, bytes });
  return faults.slice(0, 5).map((fault) => `${agent} ${file}: ${fault}`);
}
