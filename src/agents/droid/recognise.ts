import { MAIN_THREAD } from '../../core/ids.ts';
import { hintOf, type SourceHint } from '../agent.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** `<id>.jsonl` is the session, `<id>.settings.json` beside it holds its token counts. */
const ownFile = /^(.+?)\.(settings\.json|jsonl)(?:\.gz|\.zst)?$/;
/** A project's directory: the path with `-` for other signs, so it begins with `-` or a Windows drive. */
const encodedDirectory = /^(?:-|[A-Za-z]--)/;

/** The hint of a file in Droid's own layout, in its own directory or under any `.factory` of a collected tree. */
export function recogniseDroid(path: string): SourceHint | null {
  const parts = path.split('/');
  const file = readName(parts);
  if (file === null || !uuid.test(file.session)) return null;
  const folder = parts.slice(0, -1);
  const inProject = encodedDirectory.test(folder.at(-1) ?? '');
  if (folder.at(inProject ? -2 : -1) !== 'sessions') return null;
  const hidden = parts.findLast((part) => part.startsWith('.'));
  if (hidden !== undefined) return hidden === '.factory' ? hintOfFile(file, parts) : null;
  // Older files lie flat in `sessions`, which other agents have as well: only Droid's own root tells them.
  return inProject || folder.length === 1 ? hintOfFile(file, parts) : null;
}

/** What the path of a file tells that was recognised by its records. */
export function droidHintFor(path: string): SourceHint {
  const parts = path.split('/');
  const file = readName(parts);
  const form = (parts.at(-1) ?? '').includes('.jsonl') ? 'lines' : 'document';
  if (file === null || !uuid.test(file.session)) return hintOf({ form, user: userOf(parts) });
  return { ...hintOfFile(file, parts), form };
}

interface OwnFile {
  readonly session: string;
  readonly form: 'lines' | 'document';
}

function readName(parts: readonly string[]): OwnFile | null {
  const [, session, kind] = ownFile.exec(parts.at(-1) ?? '') ?? [];
  return session === undefined ? null : { session, form: kind === 'jsonl' ? 'lines' : 'document' };
}

function hintOfFile({ session, form }: OwnFile, parts: readonly string[]): SourceHint {
  return hintOf({ sessionId: session, threadId: MAIN_THREAD, form, user: userOf(parts) });
}

/** The directory above those that Droid itself makes. */
function userOf(parts: readonly string[]): string | null {
  const above = parts.slice(0, -1);
  while (isMadeByDroid(above.at(-1))) above.pop();
  const person = above.at(-1);
  return person === undefined || person.startsWith('.') ? null : person;
}

function isMadeByDroid(name: string | undefined): boolean {
  return name !== undefined && (name === '.factory' || name === 'sessions' || encodedDirectory.test(name));
}
