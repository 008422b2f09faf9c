import type { AgentRoot, Surroundings } from '../agent.ts';
import { expandHome, pathsOf, xdgRoot } from '../shared/places.ts';
import { isOpencodeDatabase } from './recognise.ts';

/** The data directory; it holds all databases, also those of other release channels, and the old storage (formats.md 6.1). */
export function opencodeRoots(surroundings: Surroundings): readonly AgentRoot[] {
  const data = xdgRoot(surroundings, 'XDG_DATA_HOME', ['.local', 'share'], 'opencode');
  return [data, ...databaseElsewhere(data, surroundings)];
}

/** `OPENCODE_DB`: a file, absolute or in the data directory; a root of its own where the data directory's walk does not meet it. */
function databaseElsewhere(data: AgentRoot, surroundings: Surroundings): AgentRoot[] {
  const variable = surroundings.env['OPENCODE_DB'];
  if (variable === undefined || variable === '' || variable === ':memory:') return [];
  const native = pathsOf(surroundings);
  const named = expandHome(variable, surroundings);
  const path = native.isAbsolute(named) ? named : native.join(data.path, named);
  const inside = native.relative(data.path, path);
  const isMet = !inside.startsWith('..') && !native.isAbsolute(inside) && isOpencodeDatabase(native.basename(path));
  return isMet ? [] : [{ path, origin: 'OPENCODE_DB' }];
}
