import { asArray, asObject, isObject, type JsonObject } from '../core/json.ts';
import type { Invocation } from './command.ts';
import { keptAnswer } from './kept-answer.ts';

export interface Totals {
  readonly totals: JsonObject;
  readonly agents: readonly JsonObject[];
  readonly models: readonly JsonObject[];
  readonly coverage: JsonObject;
}

/** The totals of the whole store: as they were found before, which needs no engine; else as the views tell, kept for the next time. */
export async function keptTotals(
  { storeDir }: Pick<Invocation, 'storeDir'>,
  ask: () => Promise<Totals>,
): Promise<Totals> {
  const kept = await keptAnswer(storeDir, 'stats.json');
  if (kept.found !== null) return totalsIn(kept.found);
  const found = await ask();
  await kept.keep({ ...found });
  return found;
}

function totalsIn(found: JsonObject): Totals {
  const rows = (name: string): readonly JsonObject[] => (asArray(found[name]) ?? []).filter(isObject);
  return {
    totals: asObject(found['totals'] ?? null) ?? {},
    agents: rows('agents'),
    models: rows('models'),
    coverage: asObject(found['coverage'] ?? null) ?? {},
  };
}
