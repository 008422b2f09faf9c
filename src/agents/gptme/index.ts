import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { gptmeHintFor, ignoresGptme, recogniseGptme, recogniseGptmeRecords } from './recognise.ts';
import { gptmeRoots } from './roots.ts';

export const gptme: Agent = {
  id: agentId('gptme'),
  title: 'gptme',
  providers: ['anthropic', 'openai', 'google', 'openrouter', 'x-ai', 'deepseek', 'groq', 'azure'],
  capabilities: {
    times: known,
    tokens: sometimes('gptme writes usage since December 2025 only'),
    cost: sometimes('gptme writes a cost since December 2025, and only for models whose price it knows'),
    exit_codes: known,
    durations: sometimes('tool times are written since August 2026 only; others are measured from call to result'),
    sub_agents: never('a sub-agent has a conversation of its own that does not name the one that started it'),
  },
  localTimes: true,
  roots: gptmeRoots,
  recognise: recogniseGptme,
  ignores: ignoresGptme,
  hintFor: gptmeHintFor,
  recogniseRecords: recogniseGptmeRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
