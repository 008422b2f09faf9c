import { MAIN_THREAD } from '../../core/ids.ts';
import { hintOf, type SourceHint } from '../agent.ts';

/** `<time>_<session id>.jsonl`; the time is ISO with `-` for `:` and `.`. */
const sessionFile = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z_(.+?)\.jsonl(?:\.gz|\.zst)?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A project's directory: `--<cwd with - for other signs>--`. */
const encodedDirectory = /^--.*--$/;

/** The hint of a session file in pi's own layout, in its `sessions` directory or anywhere in a collected tree. */
export function recognisePi(path: string): SourceHint | null {
  const parts = path.split('/');
  // Relatives keep files of the same name in directories of their own: `.omp/agent/sessions`, `.prime/agent/sessions`.
  const hidden = parts.findLast((part) => part.startsWith('.'));
  if (hidden !== undefined && hidden !== '.pi') return null;
  const session = sessionFile.exec(parts.at(-1) ?? '')?.[1];
  if (session === undefined) return null;
  const inProject = encodedDirectory.test(parts.at(-2) ?? '');
  if (!inProject && !uuid.test(session)) return null;
  return hintOf({ sessionId: session, threadId: MAIN_THREAD, user: userOf(parts) });
}

/** What the path of a file tells that was recognised by its records. */
export function piHintFor(path: string): SourceHint {
  const parts = path.split('/');
  return hintOf({ sessionId: sessionFile.exec(parts.at(-1) ?? '')?.[1] ?? null, user: userOf(parts) });
}

const technical = new Set(['sessions', 'agent', '.pi']);

/** The directory above those that pi itself makes. */
function userOf(parts: readonly string[]): string | null {
  const above = parts.slice(0, -1);
  while (isMadeByPi(above.at(-1))) above.pop();
  const person = above.at(-1);
  return person === undefined || person.startsWith('.') ? null : person;
}

function isMadeByPi(name: string | undefined): boolean {
  return name !== undefined && (technical.has(name) || encodedDirectory.test(name));
}
