import { UsageError } from '../../core/errors.ts';
import type { PlanOptions } from '../../judge/run/plan.ts';

export interface JudgeFlags {
  readonly plan: PlanOptions;
  /** How many sessions, the newest first; null: all. */
  readonly last: number | null;
  /** Only these; null: any. */
  readonly ids: readonly string[] | null;
  readonly samples: number | null;
  readonly batch: boolean;
  readonly dryRun: boolean;
  readonly showPrompt: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The part of Flags that the judge uses. */
interface FlagsByName {
  text(name: string): string | undefined;
  flag(name: string): boolean;
  list(name: string): readonly string[];
  count(name: string, otherwise: number): number;
}

const USUAL_LAST = 5;

/** What the command line asks the judge for; a wrong value is a UsageError. */
export function judgeFlags(flags: FlagsByName): JudgeFlags {
  const ids = flags.list('session');
  const wanted = ids.length > 0 || flags.text('since') !== undefined || flags.text('until') !== undefined;
  return {
    plan: {
      provider: flags.text('provider'),
      model: flags.text('model'),
      baseUrl: flags.text('base-url'),
      requestsPerMinute: countOf(flags, 'rpm'),
      tokensPerMinute: countOf(flags, 'tpm'),
      concurrency: countOf(flags, 'concurrency'),
      maxUsd: dollarsOf(flags, 'max-usd'),
      maxCalls: countOf(flags, 'max-calls'),
    },
    last: countOf(flags, 'last') ?? (wanted ? null : USUAL_LAST),
    ids: ids.length === 0 ? null : ids,
    samples: countOf(flags, 'samples') ?? null,
    batch: flags.flag('batch'),
    dryRun: flags.flag('dry-run') || flags.flag('show-prompt'),
    showPrompt: flags.flag('show-prompt'),
    yes: flags.flag('yes'),
    json: flags.flag('json'),
  };
}

function countOf(flags: FlagsByName, name: string): number | undefined {
  return flags.text(name) === undefined ? undefined : flags.count(name, 1);
}

function dollarsOf(flags: FlagsByName, name: string): number | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const dollars = /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (dollars > 0) return dollars;
  throw new UsageError(`Expected --${name} to be an amount in US dollars such as 0.50, got "${text}".`);
}
