import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { codexHintFor, isOtherProgramsRollout, recogniseCodex, recogniseCodexRecords } from './recognise.ts';
import { codexRoots } from './roots.ts';

export const codex: Agent = {
  id: agentId('codex'),
  title: 'Codex CLI',
  providers: ['openai', 'azure'],
  capabilities: {
    times: sometimes('up to September 2025 only the beginning of a session was written with its time'),
    tokens: sometimes('up to September 2025 none were written'),
    cost: never('Codex writes no cost'),
    exit_codes: sometimes('patches, scripts and tools of servers have none'),
    durations: sometimes('only commands and tools of servers say how long they took'),
    sub_agents: known,
  },
  localTimes: false,
  glance: { timeKey: 'timestamp', session: 'path and first line' },
  roots: codexRoots,
  recognise: recogniseCodex,
  ignores: isOtherProgramsRollout,
  hintFor: codexHintFor,
  recogniseRecords: recogniseCodexRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
