import type { AgentRoot, Surroundings } from '../agent.ts';
import { homeRoot, listedIn, pathsOf, xdgRoot } from '../shared/places.ts';

const DESKTOP_SESSIONS = 'local-agent-mode-sessions';
/** The desktop program's package on Windows, when it was installed from the store. */
const DESKTOP_PACKAGE = 'Claude_pzs8sxrjxfjjc';

/**
 * The `projects` directories of this machine, and the desktop program's own. `CLAUDE_CONFIG_DIR` replaces them all, also when
 * it points nowhere: another person's files must not be counted instead (formats.md 0.1).
 */
export function claudeRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = listedIn('CLAUDE_CONFIG_DIR', surroundings);
  if (configured !== null) return configured.map((root) => projectsOf(root, surroundings));
  return [...homeRoots(surroundings), ...desktopRoots(surroundings)];
}

/** Each item is the configuration directory or its `projects` directory. */
function projectsOf(root: AgentRoot, surroundings: Surroundings): AgentRoot {
  const native = pathsOf(surroundings);
  return native.basename(root.path) === 'projects' ? root : { ...root, path: native.join(root.path, 'projects') };
}

function homeRoots(surroundings: Surroundings): AgentRoot[] {
  return [
    homeRoot(surroundings, '.claude', 'projects'),
    xdgRoot(surroundings, 'XDG_CONFIG_HOME', ['.config'], 'claude', 'projects'),
  ];
}

function desktopRoots(surroundings: Surroundings): AgentRoot[] {
  const native = pathsOf(surroundings);
  const { env, platform } = surroundings;
  if (platform === 'darwin') {
    return [homeRoot(surroundings, 'Library', 'Application Support', 'Claude', DESKTOP_SESSIONS)];
  }
  if (platform !== 'win32') {
    return [xdgRoot(surroundings, 'XDG_CONFIG_HOME', ['.config'], 'Claude', DESKTOP_SESSIONS)];
  }
  const roots: AgentRoot[] = [];
  if (env['APPDATA'] !== undefined && env['APPDATA'] !== '') {
    roots.push({ path: native.join(env['APPDATA'], 'Claude', DESKTOP_SESSIONS), origin: 'APPDATA' });
  }
  if (env['LOCALAPPDATA'] !== undefined && env['LOCALAPPDATA'] !== '') {
    const roaming = native.join(env['LOCALAPPDATA'], 'Packages', DESKTOP_PACKAGE, 'LocalCache', 'Roaming');
    roots.push({ path: native.join(roaming, 'Claude', DESKTOP_SESSIONS), origin: 'LOCALAPPDATA' });
  }
  return roots;
}
