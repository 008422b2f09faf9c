import type { Agent } from '../agents/agent.ts';
import { UsageError } from '../core/errors.ts';

/** The agents with these ids; all when none is named. */
export function chosenAgents(agents: readonly Agent[], ids: readonly string[]): readonly Agent[] {
  for (const id of ids) {
    if (!agents.some((agent) => agent.id === id)) {
      throw new UsageError(`Expected --agent to be one of ${agents.map((agent) => agent.id).join(', ')}, got "${id}".`);
    }
  }
  return ids.length === 0 ? agents : agents.filter((agent) => ids.includes(agent.id));
}
