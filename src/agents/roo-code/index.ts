import type { Agent } from '../agent.ts';
import { sometimes } from '../capabilities.ts';
import { clineTaskAgent } from '../shared/cline-task/agent.ts';

export const rooCode: Agent = clineTaskAgent({
  id: 'roo-code',
  title: 'Roo Code',
  extension: 'rooveterinaryinc.roo-cline',
  dialect: 'roo',
  hasOwnFolder: false,
  subAgents: sometimes('only a task with a history_item.json names the task that started it'),
});
