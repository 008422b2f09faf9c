import path from 'node:path';
import type { AgentRoot, Surroundings } from '../agent.ts';

const DESKTOP_SESSIONS = 'local-agent-mode-sessions';
/** The desktop program's package on Windows, when it was installed from the store. */
const DESKTOP_PACKAGE = 'Claude_pzs8sxrjxfjjc';

/**
 * The `projects` directories of this machine, and the desktop program's own. `CLAUDE_CONFIG_DIR` replaces them all, also when
 * it points nowhere: another person's files must not be counted instead (formats.md 0.1).
 */
export function claudeRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const configured = surroundings.env['CLAUDE_CONFIG_DIR'];
  if (configured !== undefined && configured.trim() !== '') return configuredRoots(configured, surroundings);
  return [...homeRoots(surroundings), ...desktopRoots(surroundings)];
}

/** A comma list; each item is the configuration directory or its `projects` directory. */
function configuredRoots(list: string, surroundings: Surroundings): AgentRoot[] {
  const native = paths(surroundings);
  return list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => expandHome(item, surroundings))
    .map((item) => ({
      path: native.basename(item) === 'projects' ? item : native.join(item, 'projects'),
      origin: 'CLAUDE_CONFIG_DIR',
    }));
}

function homeRoots(surroundings: Surroundings): AgentRoot[] {
  const native = paths(surroundings);
  const { path: config, origin } = configHome(surroundings);
  return [
    { path: native.join(surroundings.home, '.claude', 'projects'), origin: 'default' },
    { path: native.join(config, 'claude', 'projects'), origin },
  ];
}

function desktopRoots(surroundings: Surroundings): AgentRoot[] {
  const native = paths(surroundings);
  const { env, home, platform } = surroundings;
  if (platform === 'darwin') {
    const support = native.join(home, 'Library', 'Application Support');
    return [{ path: native.join(support, 'Claude', DESKTOP_SESSIONS), origin: 'default' }];
  }
  if (platform !== 'win32') {
    const { path: config, origin } = configHome(surroundings);
    return [{ path: native.join(config, 'Claude', DESKTOP_SESSIONS), origin }];
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

function configHome(surroundings: Surroundings): AgentRoot {
  const configured = surroundings.env['XDG_CONFIG_HOME'];
  if (configured !== undefined && configured !== '') {
    return { path: expandHome(configured, surroundings), origin: 'XDG_CONFIG_HOME' };
  }
  return { path: paths(surroundings).join(surroundings.home, '.config'), origin: 'default' };
}

function expandHome(text: string, surroundings: Surroundings): string {
  if (text === '~') return surroundings.home;
  return /^~[/\\]/.test(text) ? paths(surroundings).join(surroundings.home, text.slice(2)) : text;
}

function paths({ platform }: Surroundings): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}
