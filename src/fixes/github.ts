import { UsageError } from '../core/errors.ts';
import { asArray, asNumber, asObject, asText, type Json, type JsonObject } from '../core/json.ts';
import { isoMoment } from '../core/time.ts';
import { noMatch, type Fix } from './fix.ts';

/**
 * Fixes out of closed issues, as `gh issue list --state closed --json number,title,closedAt,labels,url` prints them. A label
 * that is a category of friction says what the fix should end; without one a person has to add it.
 */
export function fixesFromIssues(text: string, where: string, categories: ReadonlySet<string>): readonly Fix[] {
  const issues = asArray(parsed(text, where));
  if (issues === null) throw new UsageError(`${where}: expected a JSON list of issues.`, HINT);
  return issues.flatMap((issue, index) => fixOf(asObject(issue), `${where}: issue ${index + 1}`, categories));
}

const HINT = 'Make it with `gh issue list --state closed --json number,title,closedAt,labels,url`.';

function fixOf(issue: JsonObject | null, where: string, categories: ReadonlySet<string>): readonly Fix[] {
  const number = asNumber(issue?.['number']);
  if (issue === null || number === null) throw new UsageError(`${where}: expected a number.`, HINT);
  const closed = asText(issue['closedAt']);
  // An open issue is no fix.
  if (closed === null) return [];
  const fixedAt = isoMoment(closed, 'UTC');
  if (fixedAt === null) throw new UsageError(`${where}: expected closedAt to be an instant, got "${closed}".`, HINT);
  const category = labelsOf(issue).find((label) => categories.has(label)) ?? null;
  return [
    {
      id: String(number),
      title: asText(issue['title']) ?? `Issue ${number}`,
      fixedAt,
      match: { ...noMatch, category },
      issue: asText(issue['url']),
      commit: null,
    },
  ];
}

function labelsOf(issue: JsonObject): readonly string[] {
  return (asArray(issue['labels']) ?? []).flatMap((label) => asText(asObject(label)?.['name']) ?? asText(label) ?? []);
}

function parsed(text: string, where: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    throw new UsageError(`${where}: it is not JSON.`, HINT);
  }
}
