import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot } from '../shared/places.ts';

/**
 * Droid has no variable for its directory. It is not `sessions` itself: below that, projects and files are named as Claude Code names
 * its own, and a path must tell them apart.
 */
export function droidRoots(surroundings: Surroundings): readonly AgentRoot[] {
  return [homeRoot(surroundings, '.factory')];
}
