import { formatCount, plural } from '../../core/figures.ts';
import { code, plain } from '../markdown.ts';
import type { NextStep, Report } from '../value.ts';
import { durationText, NOT_KNOWN, placeText } from '../wording.ts';

/** Commands are quotes. */
const COUNTED = 'Counted under Figures; single ones are not shown at this level of privacy.';

export function retryLoops({ retry_loops, privacy }: Report): readonly string[] {
  if (privacy === 'aggregate') return ['## Retry loops', COUNTED];
  const lines = retry_loops.map((loop) => {
    const end = loop.ended_in_success ? 'then it worked' : 'it never worked';
    const span = loop.span_s === null ? `time ${NOT_KNOWN}` : durationText(loop.span_s);
    const count = `${plural(loop.attempts, 'try', 'tries')}, ${formatCount(loop.failures)} failed, ${end}`;
    return `- ${span}: ${count}: ${code(loop.tool_name)} ${code(loop.what)} in ${placeText(loop.session_id, loop.source_line)}`;
  });
  return ['## Retry loops', listOr(lines, 'None was found.')];
}

export function slowCommands({ slow_commands, privacy }: Report): readonly string[] {
  if (privacy === 'aggregate') return ['## Slow commands', COUNTED];
  const lines = slow_commands.map((slow) => {
    const place = `${projectText(slow.project)}, ${placeText(slow.session_id, slow.source_line)}`;
    const waiting = slow.measured ? '' : ', may include waiting for a person';
    return `- ${durationText(slow.duration_s)}${waiting}: ${code(slow.command)} (${code(slow.outcome)}; ${place})`;
  });
  return ['## Slow commands', listOr(lines, 'No command of known duration ran.')];
}

export function nextSteps({ next_steps }: Report): readonly string[] {
  const lines = next_steps.map((step, index) => `${index + 1}. ${plain(step.advice)}${reason(step)}`);
  return ['## What to do next', listOr(lines, 'Nothing stands out.')];
}

function reason({ category, signature, incidents, lost_s }: NextStep): string {
  if (category === null) return '';
  const lost = lost_s === null ? '' : `, ${durationText(lost_s)} lost`;
  const what = signature === null ? '' : ` ${code(signature)}`;
  return ` (${code(category)}${what}: ${plural(incidents, 'incident')}${lost})`;
}

function projectText(project: string | null): string {
  return project === null ? 'no project' : code(project);
}

function listOr(lines: readonly string[], otherwise: string): string {
  return lines.length === 0 ? otherwise : lines.join('\n');
}
