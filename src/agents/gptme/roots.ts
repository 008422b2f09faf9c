import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, xdgRoot } from '../shared/places.ts';

/** `GPTME_LOGS_HOME` alone when it is set; else the XDG place, and on macOS the system's own place as well (formats.md 4.1). */
export function gptmeRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = listedIn('GPTME_LOGS_HOME', surroundings);
  if (configured !== null) return configured;
  const usual = xdgRoot(surroundings, 'XDG_DATA_HOME', ['.local', 'share'], 'gptme', 'logs');
  if (surroundings.platform !== 'darwin') return [usual];
  return [usual, homeRoot(surroundings, 'Library', 'Application Support', 'gptme', 'logs')];
}
