import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { geminiHintFor, recogniseGemini, recogniseGeminiRecords } from './recognise.ts';
import { geminiRoots } from './roots.ts';

export const geminiCli: Agent = {
  id: agentId('gemini-cli'),
  title: 'Gemini CLI',
  providers: ['google'],
  capabilities: {
    times: known,
    tokens: sometimes('a response that arrives while the one before it is being written takes its place'),
    cost: never('Gemini CLI writes no cost'),
    exit_codes: sometimes('newer versions write the exit code only when a command fails'),
    durations: never('Gemini CLI writes when a tool call ended, and not how long it ran'),
    sub_agents: sometimes('versions before March 2026 keep no transcript of sub-agents'),
  },
  localTimes: false,
  roots: geminiRoots,
  recognise: recogniseGemini,
  hintFor: geminiHintFor,
  recogniseRecords: recogniseGeminiRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
