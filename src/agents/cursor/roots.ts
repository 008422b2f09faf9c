import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot } from '../shared/places.ts';

/** Cursor has no variable for the directory of its transcripts. */
export function cursorRoots(surroundings: Surroundings): readonly AgentRoot[] {
  return [homeRoot(surroundings, '.cursor', 'projects')];
}
