import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { adapt } from './adapt.ts';
import { claudeHintFor, recogniseClaude, recogniseClaudeRecords } from './recognise.ts';
import { claudeRoots } from './roots.ts';

export const claudeCode: Agent = {
  id: agentId('claude-code'),
  title: 'Claude Code',
  providers: ['anthropic', 'aws'],
  roots: claudeRoots,
  recognise: recogniseClaude,
  hintFor: claudeHintFor,
  recogniseRecords: recogniseClaudeRecords,
  adapt,
};
