import path from 'node:path';
import type { AgentRoot, Surroundings } from '../agent.ts';

/** Path functions of the platform that the roots are for. */
export function pathsOf({ platform }: Surroundings): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

export function expandHome(text: string, surroundings: Surroundings): string {
  if (text === '~') return surroundings.home;
  return /^~[/\\]/.test(text) ? pathsOf(surroundings).join(surroundings.home, text.slice(2)) : text;
}

/** A folder below the person's home. */
export function homeRoot(surroundings: Surroundings, ...parts: readonly string[]): AgentRoot {
  return { path: pathsOf(surroundings).join(surroundings.home, ...parts), origin: 'default' };
}

/**
 * The directories of a variable: a comma list, `~` expanded, empty items dropped; null when it is not set. A variable that points
 * nowhere stays as it is: another person's files must not be counted instead (formats.md 0.1).
 */
export function listedIn(variable: string, surroundings: Surroundings): readonly AgentRoot[] | null {
  const value = surroundings.env[variable];
  if (value === undefined || value.trim() === '') return null;
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => ({ path: expandHome(item, surroundings), origin: variable }));
}

/** A folder in the directory that an XDG variable names (`XDG_DATA_HOME`), else in its usual place below the home. */
export function xdgRoot(
  surroundings: Surroundings,
  variable: string,
  usual: readonly string[],
  ...parts: readonly string[]
): AgentRoot {
  const native = pathsOf(surroundings);
  const value = surroundings.env[variable];
  if (value !== undefined && value !== '') {
    return { path: native.join(expandHome(value, surroundings), ...parts), origin: variable };
  }
  return homeRoot(surroundings, ...usual, ...parts);
}
