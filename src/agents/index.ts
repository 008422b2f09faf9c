import type { Agent } from './agent.ts';
import { claudeCode } from './claude-code/index.ts';

/** Every agent that sesh can read, in the order in which they are asked whose a file is. */
export const agents: readonly Agent[] = [claudeCode];

/** Throws on an id that no agent bears. */
export function agentById(id: string): Agent {
  const agent = agents.find((candidate) => candidate.id === id);
  if (agent === undefined) throw new TypeError(`Expected the id of an agent, got "${id}"`);
  return agent;
}
