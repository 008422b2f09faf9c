import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { errnoOf, messageOf, SeshError } from '../core/errors.ts';
import type { Surroundings } from '../agents/agent.ts';

/** Where a person keeps settings of their own: `$XDG_CONFIG_HOME/sesh`, else `~/.config/sesh`. */
export function configDirectory({ env, home }: Surroundings): string {
  const config = env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(config) ? config : join(home, '.config'), 'sesh');
}

/** The text of a file of the person's own; null when there is none. */
export function ownText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = errnoOf(error);
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return null;
    throw new SeshError(`${file} cannot be read (${reason ?? messageOf(error)}).`, { cause: error });
  }
}
