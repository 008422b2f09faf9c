import type { AgentRoot, Surroundings } from '../../agent.ts';
import { expandHome, homeRoot, pathsOf, xdgRoot } from '../places.ts';
import type { TaskOwner } from './layout.ts';

/** Editors made from VS Code (formats.md 0.1). */
const products = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf', 'Trae', 'Positron', 'Kiro'] as const;
const servers = ['.vscode-server', '.cursor-server', '.windsurf-server'] as const;

/** The `tasks` folders of an extension in every editor of this machine, and the program's own. */
export function taskRoots({ extension, hasOwnFolder }: TaskOwner, surroundings: Surroundings): readonly AgentRoot[] {
  const tasks = ['User', 'globalStorage', extension, 'tasks'];
  return [
    ...products.map((product) => editorRoot(surroundings, product, ...tasks)),
    ...servers.map((server) => homeRoot(surroundings, server, 'data', ...tasks)),
    ...(hasOwnFolder ? [ownRoot(surroundings)] : []),
  ];
}

function editorRoot(surroundings: Surroundings, ...parts: readonly string[]): AgentRoot {
  const { env, platform } = surroundings;
  if (platform === 'darwin') return homeRoot(surroundings, 'Library', 'Application Support', ...parts);
  if (platform !== 'win32') return xdgRoot(surroundings, 'XDG_CONFIG_HOME', ['.config'], ...parts);
  const roaming = env['APPDATA'];
  if (roaming === undefined || roaming === '') return homeRoot(surroundings, 'AppData', 'Roaming', ...parts);
  return { path: pathsOf(surroundings).join(roaming, ...parts), origin: 'APPDATA' };
}

/** `CLINE_DATA_DIR` names the data folder, `CLINE_DIR` the one above it. */
function ownRoot(surroundings: Surroundings): AgentRoot {
  const { env } = surroundings;
  const native = pathsOf(surroundings);
  const data = env['CLINE_DATA_DIR'];
  if (data !== undefined && data !== '') {
    return { path: native.join(expandHome(data, surroundings), 'tasks'), origin: 'CLINE_DATA_DIR' };
  }
  return xdgRoot(surroundings, 'CLINE_DIR', ['.cline'], 'data', 'tasks');
}
