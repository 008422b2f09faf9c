import { never } from '../core/errors.ts';
import { isIn, isRunOf } from './command-text.ts';
import { commandsOfProject } from './project.ts';

/** Where a command came from, as far as the project's files and the person's words tell. */
export type Provenance =
  /** Written down in the project, for people and agents to run. */
  | { readonly origin: 'project'; readonly file: string; readonly line: number }
  /** Typed or pasted by the person. */
  | { readonly origin: 'user' }
  /** In neither: the agent made it up. */
  | { readonly origin: 'agent' }
  /** Not in the person's words, and the project is not on this machine. */
  | { readonly origin: 'unknown' };

/** `words` are the prompts before the command; `folder` is where it ran. Reads the project's files and changes nothing. */
export function provenanceOf(command: string, words: readonly string[], folder: string | null): Provenance {
  const written = folder === null ? [] : commandsOfProject(folder);
  const found = written.find((each) => isRunOf(command, each.command));
  if (found !== undefined) return { origin: 'project', file: found.file, line: found.line };
  if (words.some((text) => isIn(text, command))) return { origin: 'user' };
  return { origin: written.length > 0 ? 'agent' : 'unknown' };
}

export function provenanceText(provenance: Provenance): string {
  switch (provenance.origin) {
    case 'project':
      return `written in the project (${provenance.file}:${provenance.line})`;
    case 'user':
      return 'typed or pasted by the person';
    case 'agent':
      return 'made up by the agent: neither in the project nor in a prompt';
    case 'unknown':
      return 'not in a prompt; the project is not on this machine';
    default:
      return never(provenance);
  }
}
