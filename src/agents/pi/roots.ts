import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, pathsOf } from '../shared/places.ts';

const SESSIONS = 'sessions';

/** The `sessions` directory of the agent's own directory, unless a variable names either of them. */
export function piRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const sessions = listedIn('PI_CODING_AGENT_SESSION_DIR', surroundings);
  if (sessions !== null) return sessions;
  const configured = listedIn('PI_CODING_AGENT_DIR', surroundings);
  if (configured !== null) return configured.map((root) => sessionsOf(root, surroundings));
  return [homeRoot(surroundings, '.pi', 'agent', SESSIONS)];
}

/** Each item is the agent's directory or its `sessions` directory. */
function sessionsOf(root: AgentRoot, surroundings: Surroundings): AgentRoot {
  const native = pathsOf(surroundings);
  return native.basename(root.path) === SESSIONS ? root : { ...root, path: native.join(root.path, SESSIONS) };
}
