import { UsageError } from '../core/errors.ts';
import type { Micros } from '../core/event.ts';
import { asObject, asText, type Json, type JsonObject } from '../core/json.ts';
import { isoMoment } from '../core/time.ts';

/** Something that was repaired, and which incidents it should have ended. */
export interface Fix {
  /** A person's own name for it, usually the issue's number. */
  readonly id: string;
  readonly title: string;
  readonly fixedAt: Micros;
  readonly match: FixMatch;
  /** Address of the issue, where there is one. */
  readonly issue: string | null;
  readonly commit: string | null;
}

/** An incident matches when it fits everything that is given; a fix that gives nothing matches nothing. */
export interface FixMatch {
  readonly category: string | null;
  readonly rule: string | null;
  readonly signature: string | null;
  /** Regular expression (RE2) on evidence and command, capitals make no difference. */
  readonly pattern: string | null;
  readonly project: string | null;
}

export const matchFields = ['category', 'rule', 'signature', 'pattern', 'project'] as const;

export const noMatch: FixMatch = { category: null, rule: null, signature: null, pattern: null, project: null };

export function matchesNothing({ category, rule, signature, pattern }: FixMatch): boolean {
  // A project alone would call all its trouble fixed.
  return category === null && rule === null && signature === null && pattern === null;
}

/** One entry of the register; `where` (file:line) begins every complaint. Throws a UsageError. */
export function parseFix(entry: Json, where: string, zone: string): Fix {
  const fields = asObject(entry);
  if (fields === null) throw new UsageError(`${where}: expected a fix with id, title and fixed_at.`);
  refuseUnknown(fields, ['id', 'title', 'fixed_at', 'match', 'issue', 'commit'], where);
  const id = idOf(fields['id']);
  if (id === null) throw new UsageError(`${where}: expected the fix to have an id, a word or a number.`);
  const written = asText(fields['fixed_at']);
  const fixedAt = written === null ? null : isoMoment(written, zone);
  if (fixedAt === null) {
    throw new UsageError(
      `${where}: expected fixed_at of fix ${id} to be a moment such as 2026-02-06T21:37:49Z, got ${JSON.stringify(fields['fixed_at'] ?? null)}.`,
    );
  }
  return {
    id,
    title: asText(fields['title']) ?? id,
    fixedAt,
    match: parseMatch(fields['match'], id, where),
    issue: asText(fields['issue']),
    commit: asText(fields['commit']),
  };
}

function parseMatch(value: Json | undefined, id: string, where: string): FixMatch {
  if (value === undefined || value === null) return noMatch;
  const fields = asObject(value);
  if (fields === null) throw new UsageError(`${where}: expected match of fix ${id} to hold ${matchFields.join(', ')}.`);
  refuseUnknown(fields, matchFields, where);
  const text = (name: string): string | null => asText(fields[name]);
  return {
    category: text('category'),
    rule: text('rule'),
    signature: text('signature'),
    pattern: text('pattern'),
    project: text('project'),
  };
}

function idOf(value: Json | undefined): string | null {
  return typeof value === 'number' ? String(value) : asText(value);
}

function refuseUnknown(fields: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new UsageError(`${where}: "${unknown}" is not known here.`, `Known are ${known.join(', ')}.`);
}
