import { UsageError } from './errors.ts';
import type { Micros } from './event.ts';
import { checkedZone, isoMoment } from './time.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The zone in which days are cut: `--zone`, else `$SESH_ZONE`, else the machine's. */
export function configuredZone(option: string | undefined, env: Environment): string {
  if (option !== undefined) return checkedZone(option, '--zone');
  const own = env['SESH_ZONE'];
  if (own !== undefined && own !== '') return checkedZone(own, 'SESH_ZONE');
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `SESH_NOW` (an ISO instant) in place of the machine's clock, so that a run can be repeated; else null. */
export function fixedNow(env: Environment): Micros | null {
  const text = env['SESH_NOW'];
  if (text === undefined || text === '') return null;
  const now = isoMoment(text, 'UTC');
  if (now === null) {
    throw new UsageError(`Expected SESH_NOW to be an instant such as 2026-02-11T16:00:00Z, got "${text}".`);
  }
  return now;
}
