import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn } from '../shared/places.ts';

/** `COPILOT_HOME` replaces the folder in the home directory; sessions and the session store lie side by side in it. */
export function copilotRoots(surroundings: Surroundings): readonly AgentRoot[] {
  return listedIn('COPILOT_HOME', surroundings) ?? [homeRoot(surroundings, '.copilot')];
}
