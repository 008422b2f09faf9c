import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, sometimes } from '../capabilities.ts';
import { claudeHintFor, recogniseClaude, recogniseClaudeRecords } from './recognise.ts';
import { claudeRoots } from './roots.ts';

export const claudeCode: Agent = {
  id: agentId('claude-code'),
  title: 'Claude Code',
  providers: ['anthropic', 'aws'],
  capabilities: {
    times: known,
    tokens: sometimes('up to 2.1.96 the first line of a response holds a provisional count of its output'),
    cost: sometimes('only versions up to 1.0 wrote it'),
    exit_codes: sometimes('the exit code is written only when a command fails'),
    durations: sometimes('only some tools write one; others are measured from call to result'),
    sub_agents: known,
  },
  localTimes: false,
  glance: { timeKey: 'timestamp', session: 'path' },
  roots: claudeRoots,
  recognise: recogniseClaude,
  hintFor: claudeHintFor,
  recogniseRecords: recogniseClaudeRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
