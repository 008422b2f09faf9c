import { createHash } from 'node:crypto';
import { formatCount, plural } from '../../core/figures.ts';
import { code, plain, quoteBlock } from '../markdown.ts';
import { UNTRUSTED } from '../page.ts';
import type { Figures, ReportWindow } from '../value.ts';
import { durationText, instantText, rateText, windowText } from '../wording.ts';
import type { Candidate } from './candidate.ts';
import { impactOf, labelsOf } from './rules.ts';

interface DraftSurroundings {
  readonly window: ReportWindow;
  readonly figures: Figures;
}

/**
 * The text of an issue, ready to be filed once a person has said what the cause is. Nothing of a transcript stands outside of
 * code spans and fences. The last line lets a later night see whether a person changed the draft.
 */
export function draftText(kind: Candidate, surroundings: DraftSurroundings): string {
  const blocks = [
    `## Friction Point: ${code(kind.category)} ${code(kind.signature)}`,
    ...(kind.status === 'reopened' ? [statusLine('reopened', kind.fixId)] : []),
    header(kind, surroundings),
    '### Problem',
    problem(kind),
    '### Evidence',
    UNTRUSTED,
    ...evidence(kind),
    '### Root Cause',
    '_Left to a person. Facts that bear on it:_',
    facts(kind, surroundings.window.zone),
    '### Proposed Solution',
    kind.remedy === null || kind.remedy.trim() === '' ? 'None is known yet.' : plain(kind.remedy),
    '### Related Sessions',
    related(kind),
  ];
  return sealed(`${blocks.join('\n\n')}\n`);
}

/** `Status: fixed (fix 84)`; the fix's name is a person's own. */
export function statusLine(status: 'fixed' | 'reopened', fixId: string | null): string {
  return fixId === null || fixId === '' ? `Status: ${status}` : `Status: ${status} (fix ${code(fixId)})`;
}

function header(kind: Candidate, { window, figures }: DraftSurroundings): string {
  const rate = figures.tool_calls === 0 ? null : (kind.incidents * 100) / figures.tool_calls;
  const before = kind.incidentsBefore === null ? '' : `; ${formatCount(kind.incidentsBefore)} in the window before`;
  return [
    `**Source**: sesh report, ${windowText(window)}`,
    `**Frequency**: ${plural(kind.incidents, 'incident')} in ${formatCount(kind.sessions)} of ` +
      `${plural(figures.sessions, 'session')}, ${rateText(rate)} per 100 tool calls${before}`,
    `**Impact**: ${impactOf(kind)}`,
    `**Labels**: ${labelsOf(kind).join(', ')}`,
  ].join('  \n');
}

function problem(kind: Candidate): string {
  const subtype = kind.subtype === null ? '' : ` (${code(kind.subtype)})`;
  const lost =
    kind.lostS === null
      ? 'How much time it cost is not known'
      : `It cost ${durationText(kind.lostS)} in the ${formatCount(kind.lostIncidents)} of ${plural(kind.incidents, 'incident')} whose time is known`;
  const back = kind.status === 'reopened' ? ' It came back after its fix.' : '';
  return `Trouble of category ${code(kind.category)}${subtype}: ${code(kind.signature)}. ${lost}.${back}`;
}

function evidence(kind: Candidate): readonly string[] {
  const quotes = [...kind.commands.map((command) => `$ ${command}`), ...kind.evidence];
  return quotes.length === 0 ? ['No quote may be shown at this level of privacy.'] : quotes.map(quoteBlock);
}

function facts(kind: Candidate, zone: string): string {
  const list = (title: string, items: readonly (string | number)[]): readonly string[] =>
    items.length === 0 ? [] : [`- ${title}: ${items.map((item) => code(String(item))).join(', ')}`];
  const told = kind.resolved + kind.unresolved;
  return [
    `- First seen ${instantText(kind.firstAt, zone)}, last ${instantText(kind.lastAt, zone)}, in ${plural(kind.projects, 'project')}`,
    ...list('Agents', kind.agents),
    ...list('Tools', kind.tools),
    ...list('Exit codes', kind.exitCodes),
    ...list('Found by rule', kind.ruleId === null ? [] : [kind.ruleId]),
    ...(told === 0 ? [] : [`- Made good by a later try in ${formatCount(kind.resolved)} of ${formatCount(told)}`]),
  ].join('\n');
}

function related({ places, sessions }: Candidate): string {
  const lines = places.map(({ sessionId, sourceLine }) =>
    sourceLine === null ? `- ${code(sessionId)}` : `- ${code(sessionId)}, line ${code(String(sourceLine))}`,
  );
  const left = sessions - places.length;
  return [...lines, ...(left > 0 ? [`- and ${plural(left, 'more session')}`] : [])].join('\n');
}

const SEAL = /\n<!-- sesh draft ([0-9a-f]{16}) -->\n$/;
const STATUS = /\n\nStatus: [^\n]*\n\n/;

function sealed(text: string): string {
  return `${text}\n<!-- sesh draft ${seal(text)} -->\n`;
}

function seal(text: string): string {
  return createHash('sha256').update(text.replace(STATUS, '\n\n')).digest('hex').slice(0, 16);
}

/** Whether the file is as sesh wrote it; its status line may have changed. */
export function isUntouched(text: string): boolean {
  const found = SEAL.exec(text);
  return found !== null && found[1] === seal(text.slice(0, found.index));
}

/** The draft with this status line under its heading, in place of another one. */
export function withStatus(text: string, status: string): string {
  const [heading = '', ...rest] = text.replace(STATUS, '\n\n').split('\n');
  return [heading, '', status, ...rest].join('\n');
}

export function hasStatus(text: string, status: 'fixed' | 'reopened'): boolean {
  return STATUS.exec(text)?.[0].startsWith(`\n\nStatus: ${status}`) ?? false;
}
