import fs from 'node:fs';
import path from 'node:path';
import { hintOf } from '../../dist/modules/agents/agent.js';
import { agents } from '../../dist/modules/agents/index.js';
import { discoverSources } from '../../dist/modules/discover/discover.js';

const repository = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(repository, 'fixtures');
/** Real transcripts beside the checkout; where they are missing, the invented ones do. */
const corpus = path.resolve(repository, '../shared/corpus');
/** Larger files only make a case slow: what they hold is in smaller ones too. */
const MOST_BYTES = 2_000_000;

/**
 * Transcripts to mutate, by agent: `{ file, hint, name }`, `name` being the path below the root by which the agent knows it, or null
 * for a session of a collection, which has no file.
 */
export function transcripts({ fixturesOnly, agent }) {
  const byAgent = new Map();
  for (const each of agents) {
    if (agent !== null && each.id !== agent) continue;
    byAgent.set(each.id, fixtureSources(each));
  }
  if (!fixturesOnly && fs.existsSync(corpus)) {
    const { sources } = discoverSources(
      { roots: [corpus], agents },
      { env: {}, home: '/nonexistent', platform: 'linux' },
    );
    for (const source of sources) {
      if (source.hint.member !== null || source.identity.sizeBytes > MOST_BYTES) continue;
      byAgent
        .get(source.agent)
        ?.push({ file: source.path, hint: source.hint, name: path.relative(corpus, source.path) });
    }
  }
  return byAgent;
}

function fixtureSources(agent) {
  const folder = path.join(fixtures, agent.id);
  return fs.readdirSync(folder).flatMap((name) => {
    const input = path.join(folder, name, 'input');
    const expected = JSON.parse(fs.readFileSync(path.join(folder, name, 'expected.json'), 'utf8'));
    return Object.entries(expected).flatMap(([file, { hint }]) => {
      const found = hint === undefined ? agent.recognise(file) : hintOf(hint);
      if (found === null) return [];
      return [{ file: path.join(input, file), hint: found, name: hint === undefined ? file : null }];
    });
  });
}
