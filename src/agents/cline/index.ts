import type { Agent } from '../agent.ts';
import { never } from '../capabilities.ts';
import { clineTaskAgent } from '../shared/cline-task/agent.ts';

export const cline: Agent = clineTaskAgent({
  id: 'cline',
  title: 'Cline',
  extension: 'saoudrizwan.claude-dev',
  dialect: 'cline',
  hasOwnFolder: true,
  subAgents: never('what its sub-agents do is not written'),
});
