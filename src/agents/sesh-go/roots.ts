import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot } from '../shared/places.ts';

/** Sessions and the logs of their chains; only the home decides where they lie (formats.md 0.1). */
export function seshRoots(surroundings: Surroundings): readonly AgentRoot[] {
  return [homeRoot(surroundings, '.sesh', 'sessions'), homeRoot(surroundings, '.sesh', 'chains')];
}
