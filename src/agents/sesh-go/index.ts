import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { never, sometimes } from '../capabilities.ts';
import { recogniseSesh, recogniseSeshRecords, seshHintFor } from './recognise.ts';
import { seshRoots } from './roots.ts';

export const seshGo: Agent = {
  id: agentId('sesh-go'),
  title: 'sesh (Go)',
  providers: ['anthropic', 'openai', 'google', 'openrouter', 'x-ai', 'deepseek', 'groq'],
  capabilities: {
    times: never('a session has a time of its start and of its last change, its turns have none'),
    tokens: never('sesh (Go) counts tokens on its status line only and writes none but those of a handoff'),
    cost: never('sesh (Go) writes no cost'),
    exit_codes: sometimes('the exit code is written only when a command fails'),
    durations: never('turns and tool calls have no times'),
    sub_agents: never('what a sub-agent did is not stored, only its report'),
  },
  localTimes: false,
  roots: seshRoots,
  recognise: recogniseSesh,
  hintFor: seshHintFor,
  recogniseRecords: recogniseSeshRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
