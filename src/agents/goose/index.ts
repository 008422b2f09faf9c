import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { gooseHintFor, recogniseGoose, recogniseGooseRecords } from './recognise.ts';
import { gooseRoots } from './roots.ts';
import { sessionsDatabase } from './store.ts';

export const goose: Agent = {
  id: agentId('goose'),
  title: 'Goose',
  providers: ['anthropic', 'openai', 'google', 'openrouter', 'aws', 'azure'],
  capabilities: {
    times: known,
    tokens: sometimes(
      'older versions keep only the sum of a session, and before that only the size of its last request',
    ),
    cost: sometimes('only newer versions write it, and only for models whose price they know'),
    exit_codes: sometimes('the exit code stands in the output of some versions of the shell tool only'),
    durations: never('times are whole seconds and tools write no duration'),
    sub_agents: sometimes('only newer versions name the session that started a sub-agent'),
  },
  localTimes: false,
  roots: gooseRoots,
  recognise: recogniseGoose,
  hintFor: gooseHintFor,
  recogniseRecords: recogniseGooseRecords,
  collections: [sessionsDatabase],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
