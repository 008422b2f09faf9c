import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, pathsOf } from '../shared/places.ts';

/** The folder of the projects' sessions. `GEMINI_CLI_HOME` stands for the person's home (formats.md 3.1). */
export function geminiRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = listedIn('GEMINI_CLI_HOME', surroundings);
  if (configured !== null) return configured.map((root) => projectsOf(root, surroundings));
  return [homeRoot(surroundings, '.gemini', 'tmp')];
}

/** Each item is a home, its `.gemini`, or the folder of projects in that. */
function projectsOf(root: AgentRoot, surroundings: Surroundings): AgentRoot {
  const native = pathsOf(surroundings);
  const name = native.basename(root.path);
  if (name === 'tmp' && native.basename(native.dirname(root.path)) === '.gemini') return root;
  return { ...root, path: native.join(root.path, ...(name === '.gemini' ? ['tmp'] : ['.gemini', 'tmp'])) };
}
