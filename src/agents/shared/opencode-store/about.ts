import type { Agent } from '../../agent.ts';
import { known, sometimes } from '../../capabilities.ts';

/** What holds for every program with this storage: it writes to many providers' models, and has no transcript files. */
export const storeAgent = {
  providers: [
    'anthropic',
    'openai',
    'google',
    'openrouter',
    'aws',
    'azure',
    'x-ai',
    'groq',
    'mistral',
    'deepseek',
    'moonshotai',
  ],
  capabilities: {
    times: known,
    tokens: sometimes('some providers report none'),
    cost: sometimes('subscriptions, free models and models without a price are written as 0'),
    exit_codes: sometimes('only shell commands that ended by themselves have one'),
    durations: known,
    sub_agents: known,
  },
  localTimes: false,
  recognise: () => null,
  loadAdapter: async () => (await import('./adapt.ts')).adaptStore,
} satisfies Partial<Agent>;
