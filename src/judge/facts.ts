import { asNumber, asText, type JsonObject } from '../core/json.ts';
import { canonicalJson } from './prompt/canonical.ts';

/** What the store itself knows of a session; no word of the agent is needed for it. Columns of view `judge_facts`. */
export interface Facts {
  readonly prompts: number;
  readonly toolCalls: number;
  readonly changes: number;
  readonly filesChanged: number;
  readonly commits: number;
  readonly errors: number;
  readonly denials: number;
  readonly rejections: number;
  readonly interrupts: number;
  readonly testsRun: number;
  readonly lastTest: CheckResult;
  readonly lastBuild: CheckResult;
  readonly lastCheckFailed: boolean;
  readonly interruptedAtEnd: boolean;
  readonly lastMessageRejects: boolean;
  /** Microseconds since 1970; null when nothing was changed. */
  readonly lastChangeUs: number | null;
}

/** How the last test or build after the last change ended. */
type CheckResult = 'pass' | 'fail' | 'unclear' | 'none';

export function readFacts(row: JsonObject | null): Facts {
  const count = (name: string): number => asNumber(row?.[name]) ?? 0;
  return {
    prompts: count('prompts'),
    toolCalls: count('tool_calls'),
    changes: count('changes'),
    filesChanged: count('files_changed'),
    commits: count('commits'),
    errors: count('errors'),
    denials: count('denials'),
    rejections: count('rejections'),
    interrupts: count('interrupts'),
    testsRun: count('tests_run'),
    lastTest: checkResult(asText(row?.['last_test'])),
    lastBuild: checkResult(asText(row?.['last_build'])),
    lastCheckFailed: row?.['last_check_failed'] === true,
    interruptedAtEnd: row?.['interrupted_at_end'] === true,
    lastMessageRejects: row?.['last_message_rejects'] === true,
    lastChangeUs: asNumber(row?.['last_change_us']),
  };
}

/** The facts as the judge reads them: canonical JSON, numbers and fixed words only, so no text of a transcript is in it. */
export function factsBlock(facts: Facts): string {
  return canonicalJson({
    user_messages: facts.prompts,
    tool_calls: facts.toolCalls,
    calls_that_changed_files: facts.changes,
    files_changed: facts.filesChanged,
    commits: facts.commits,
    tool_errors: facts.errors,
    permission_denials: facts.denials,
    rejections_by_user: facts.rejections,
    interruptions_by_user: facts.interrupts,
    interrupted_within_last_3_events: facts.interruptedAtEnd,
    test_runs: facts.testsRun,
    last_test_after_last_change: facts.lastTest,
    last_build_after_last_change: facts.lastBuild,
    last_user_message_rejects: facts.lastMessageRejects,
  });
}

function checkResult(text: string | null): CheckResult {
  return text === 'pass' || text === 'fail' || text === 'unclear' ? text : 'none';
}
