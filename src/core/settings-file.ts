import { parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { messageOf, UsageError } from './errors.ts';
import type { Json } from './json.ts';

/** Reads a YAML file of a person's own settings; an empty text sets nothing. Throws a UsageError that names the file and the setting. */
export function parseSettings<Settings>(text: string, file: string, schema: z.ZodType<Settings>): Settings {
  const document = parseDocument(text, { schema: 'core' });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? 1;
    throw new UsageError(`${file}:${line}: it is not YAML (${problem.message.split('\n')[0] ?? ''}).`);
  }
  const parsed = schema.safeParse(document.contents === null ? {} : plainJson(document, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = (issue?.path ?? []).join('.');
  throw new UsageError(`${file}: ${where === '' ? '' : `${where}: `}${issue?.message ?? 'not understood'}.`);
}

/** Without aliases, which could grow without bound. */
function plainJson(document: Document, file: string): Json {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(`${file}: ${messageOf(error)}.`);
  }
}
