import type { Window } from '../core/window.ts';
import type { ViewSettings } from '../views/lake.ts';
import { windowOf, type Invocation } from './command.ts';

/** A pause longer than this ends a block of activity; exactly this long does not. */
const GAP_S = 600;
const SLOW_COMMAND_S = 60;

/** The settings of the window that the command line asks for. */
export function viewSettings(invocation: Invocation): ViewSettings {
  return settingsOf(windowOf(invocation), invocation.zone);
}

export function settingsOf({ since, until, anchor }: Window, zone: string): ViewSettings {
  return { gapS: GAP_S, zone, sinceMicros: since, untilMicros: until, anchor, slowCommandS: SLOW_COMMAND_S };
}
