import { join } from 'node:path';
import type { Window } from '../core/window.ts';
import type { Fix } from '../fixes/fix.ts';
import { parseRegister } from '../fixes/register.ts';
import { fixesSeed } from '../fixes/seed.ts';
import type { ViewSettings } from '../views/lake.ts';
import { parseOwnRules } from '../views/own-rules.ts';
import type { Seed } from '../views/seeds.ts';
import { windowOf, type Invocation } from './command.ts';
import { configDirectory, ownText } from './own-files.ts';

/** A pause longer than this ends a block of activity; exactly this long does not. */
const GAP_S = 600;
const SLOW_COMMAND_S = 60;

/** The settings of the window that the command line asks for, with the person's own register of fixes and rules. */
export function viewSettings(invocation: Invocation): ViewSettings {
  return ownSettings(invocation, windowOf(invocation));
}

/** The settings of a window that the command itself chose. */
export function ownSettings(invocation: Invocation, window: Window): ViewSettings {
  const { flags, zone } = invocation;
  const fixAnchor = flags.text('fix-anchor') === 'event' ? 'event' : 'session';
  return {
    ...settingsOf(window, zone),
    fixAnchor,
    seeds: [fixesSeed(readFixes(invocation)), ...readRules(invocation)],
  };
}

export function settingsOf({ since, until, anchor }: Window, zone: string): ViewSettings {
  return {
    gapS: GAP_S,
    zone,
    sinceMicros: since,
    untilMicros: until,
    anchor,
    slowCommandS: SLOW_COMMAND_S,
    fixAnchor: 'session',
    seeds: [],
  };
}

/** The register that `--fixes` names, else the one of the person's own; none is no fix. */
export function fixesFile({ flags, surroundings }: Invocation): string {
  return flags.text('fixes') ?? join(configDirectory(surroundings), 'fixes.yaml');
}

export function readFixes(invocation: Invocation): readonly Fix[] {
  const file = fixesFile(invocation);
  return parseRegister(ownText(file) ?? '', file, invocation.zone);
}

/** Rules of friction of the person's own; none where there is no such file. */
function readRules({ surroundings }: Invocation): readonly Seed[] {
  const file = join(configDirectory(surroundings), 'friction-rules.csv');
  const text = ownText(file);
  return text === null ? [] : [parseOwnRules(text, file)];
}
