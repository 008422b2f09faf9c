import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, sometimes } from '../capabilities.ts';
import { copilotHintFor, recogniseCopilot, recogniseCopilotRecords } from './recognise.ts';
import { copilotRoots } from './roots.ts';
import { sessionStore } from './store.ts';

export const copilotCli: Agent = {
  id: agentId('copilot-cli'),
  title: 'GitHub Copilot CLI',
  providers: ['anthropic', 'openai', 'google', 'x-ai'],
  capabilities: {
    times: known,
    tokens: sometimes(
      'a session that was not ended properly tells only its output, and newer versions only in the session store',
    ),
    cost: sometimes('only versions since June 2026 write what a request costs'),
    exit_codes: known,
    durations: known,
    sub_agents: known,
  },
  localTimes: false,
  roots: copilotRoots,
  recognise: recogniseCopilot,
  hintFor: copilotHintFor,
  recogniseRecords: recogniseCopilotRecords,
  collections: [sessionStore],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
