import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, pathsOf } from '../shared/places.ts';

const folders = ['sessions', 'archived_sessions'] as const;

/** Live and archived sessions. `CODEX_HOME` replaces `~/.codex`, also when it points nowhere (formats.md 0.1). */
export function codexRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = listedIn('CODEX_HOME', surroundings);
  if (configured === null) return folders.map((folder) => homeRoot(surroundings, '.codex', folder));
  return configured.flatMap((root) => foldersOf(root, surroundings));
}

/** Each item is the configuration directory or one of its two folders. */
function foldersOf(root: AgentRoot, surroundings: Surroundings): AgentRoot[] {
  const native = pathsOf(surroundings);
  const name = native.basename(root.path);
  if (folders.some((folder) => folder === name)) return [root];
  return folders.map((folder) => ({ ...root, path: native.join(root.path, folder) }));
}
