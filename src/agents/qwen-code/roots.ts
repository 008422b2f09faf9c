import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, pathsOf } from '../shared/places.ts';

/** The projects' folder. `QWEN_RUNTIME_DIR` replaces `~/.qwen` for what sessions leave behind (formats.md 8.4). */
export function qwenRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = listedIn('QWEN_RUNTIME_DIR', surroundings);
  if (configured === null) return [homeRoot(surroundings, '.qwen', 'projects')];
  const native = pathsOf(surroundings);
  return configured.map((root) =>
    native.basename(root.path) === 'projects' ? root : { ...root, path: native.join(root.path, 'projects') },
  );
}
