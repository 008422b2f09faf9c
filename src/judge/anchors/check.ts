import { judgeVersion, type KeyParts } from '../key.ts';
import type { Run } from '../run/context.ts';
import { itemOf } from '../run/context.ts';
import { judgeSample } from '../run/item.ts';
import { ANCHOR_SAMPLE, judgeOf, measure, standing, withMeasured, type AnchorSet } from './anchors.ts';

/**
 * Lets the judge of this run score the anchors when it is not the one that scored them last: another model, another prompt, or an alias
 * that answers as something else. What the run could not finish is finished by the next one.
 */
export async function checkAnchors(run: Run): Promise<void> {
  const { anchors, pacer, clock } = run.effects;
  const set = anchors.current();
  if (set.sessions.length === 0 || pacer.ending !== null || !(await isNew(run, set))) return;
  const scores: Record<string, number | null> = {};
  const judges = new Set<string>();
  for (const { agent, session_id: sessionId } of set.sessions) {
    const prepared = await run.effects.prepare({ agent, sessionId });
    if (prepared === null) continue;
    const result = await judgeSample(run, prepared, ANCHOR_SAMPLE + set.judges.length);
    if (!('row' in result) || result.row === null) return;
    scores[`${agent} ${sessionId}`] = typeof result.row['score'] === 'number' ? result.row['score'] : null;
    if (result.row['answered_model'] !== null) judges.add(judgeOf(result.row));
  }
  // An alias that changes between two anchors is measured by the next run.
  const [judge] = judges;
  if (judge === undefined || judges.size > 1) return;
  await anchors.keep(withMeasured(set, measure(set, judge, scores, new Date(clock.now()).toISOString())));
}

/** Whether the judge of this run has not been measured, as far as is known before it answers. */
async function isNew(run: Run, set: AnchorSet): Promise<boolean> {
  const [first] = set.sessions;
  if (first === undefined) return false;
  const prepared = await run.effects.prepare({ agent: first.agent, sessionId: first.session_id });
  if (prepared === null) return false;
  const { parts } = itemOf(run, prepared, 0);
  return isNewJudge(set, parts, run.effects.ledger.lastModel(parts.host, parts.model));
}

/** `answered`: the model that answered last under this name, null when none has. */
export function isNewJudge(set: AnchorSet, parts: KeyParts, answered: string | null): boolean {
  const { provider, host, model, maxTokens, effort, hashes, rendererVersion } = parts;
  const row = {
    provider,
    host,
    model,
    answered_model: answered,
    judge_version: judgeVersion({ hashes, rendererVersion }),
    max_tokens: maxTokens,
    effort,
    sample_index: 0,
  };
  if (answered !== null) return standing(row, set) === 'unmeasured';
  return !set.judges.some(({ judge }) => standing({ ...row, answered_model: answeredOf(judge) }, set) !== 'unmeasured');
}

const ANSWERED_AT = 3;

function answeredOf(judge: string): string | null {
  const parts: unknown = JSON.parse(judge);
  const answered: unknown = Array.isArray(parts) ? parts[ANSWERED_AT] : null;
  return typeof answered === 'string' ? answered : null;
}
