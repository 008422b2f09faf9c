import type { Agent } from '../agent.ts';
import { sometimes } from '../capabilities.ts';
import { clineTaskAgent } from '../shared/cline-task/agent.ts';

export const kiloCode: Agent = clineTaskAgent({
  id: 'kilo-code',
  title: 'Kilo Code',
  extension: 'kilocode.kilo-code',
  dialect: null,
  hasOwnFolder: false,
  subAgents: sometimes('only a task with a history_item.json names the task that started it'),
});
