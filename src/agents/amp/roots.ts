import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot } from '../shared/places.ts';

/** The threads of builds that still keep them on disk; the program itself obeys no variable (formats.md 0.1). */
export function ampRoots(surroundings: Surroundings): readonly AgentRoot[] {
  return [homeRoot(surroundings, '.local', 'share', 'amp', 'threads')];
}
