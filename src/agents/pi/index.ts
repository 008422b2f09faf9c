import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { piHintFor, recognisePi } from './recognise.ts';
import { recognisePiRecords } from './records.ts';
import { piRoots } from './roots.ts';

export const pi: Agent = {
  id: agentId('pi'),
  title: 'pi',
  providers: ['anthropic', 'openai', 'google', 'x-ai', 'openrouter'],
  capabilities: {
    times: known,
    tokens: sometimes('some model servers report no token counts'),
    cost: sometimes('pi knows no price for some models'),
    exit_codes: sometimes('the exit code is written only when a command fails'),
    durations: never('pi does not write when a tool began; calls are measured from call to result'),
    sub_agents: never('pi starts no sub-agents of its own'),
  },
  localTimes: false,
  roots: piRoots,
  recognise: recognisePi,
  hintFor: piHintFor,
  recogniseRecords: recognisePiRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
