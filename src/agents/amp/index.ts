import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { ampHintFor, recogniseAmp, recogniseAmpRecords } from './recognise.ts';
import { ampRoots } from './roots.ts';

export const amp: Agent = {
  id: agentId('amp'),
  title: 'Amp',
  providers: ['anthropic', 'openai', 'google', 'x-ai'],
  capabilities: {
    times: sometimes(
      'only prompts and model responses have a time; tool results take that of the response before them',
    ),
    tokens: known,
    cost: never('threads count credits, not money'),
    exit_codes: known,
    durations: never('tool results have no time of their own'),
    sub_agents: never('threads do not tell which of them another one started'),
  },
  localTimes: false,
  roots: ampRoots,
  recognise: recogniseAmp,
  hintFor: ampHintFor,
  recogniseRecords: recogniseAmpRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
