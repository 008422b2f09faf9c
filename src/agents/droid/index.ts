import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { droidHintFor, recogniseDroid } from './recognise.ts';
import { recogniseDroidRecords } from './records.ts';
import { droidRoots } from './roots.ts';

export const droid: Agent = {
  id: agentId('droid'),
  title: 'Factory Droid',
  providers: ['anthropic', 'openai', 'google', 'x-ai'],
  capabilities: {
    times: known,
    tokens: sometimes('Droid keeps them in a settings file beside the session, as one sum'),
    cost: never('Droid writes no prices'),
    exit_codes: sometimes('the exit code is written only in the text of a failed command'),
    durations: never('Droid writes no durations; calls are measured from call to result'),
    sub_agents: sometimes('only newer versions name the session that started a sub-agent'),
  },
  localTimes: false,
  roots: droidRoots,
  recognise: recogniseDroid,
  hintFor: droidHintFor,
  recogniseRecords: recogniseDroidRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
