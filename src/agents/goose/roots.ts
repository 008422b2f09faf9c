import type { AgentRoot, Surroundings } from '../agent.ts';
import { listedIn, pathsOf, xdgRoot } from '../shared/places.ts';

/** The folder of the sessions; `GOOSE_PATH_ROOT` names the folder above all of the agent's data. */
export function gooseRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const native = pathsOf(surroundings);
  const configured = listedIn('GOOSE_PATH_ROOT', surroundings);
  if (configured !== null) {
    return configured.map((root) => ({ ...root, path: native.join(root.path, 'data', 'sessions') }));
  }
  const { env, platform } = surroundings;
  if (platform !== 'win32') {
    return [xdgRoot(surroundings, 'XDG_DATA_HOME', ['.local', 'share'], 'goose', 'sessions')];
  }
  const roaming = env['APPDATA'];
  if (roaming === undefined || roaming === '') return [];
  return [{ path: native.join(roaming, 'Block', 'goose', 'data', 'sessions'), origin: 'APPDATA' }];
}
