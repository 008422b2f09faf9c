import fs from 'node:fs';
import path from 'node:path';
import { asObject, type Json } from '../core/json.ts';
import { openSource, UnreadableSource } from '../read/source-file.ts';
import { commandsInMarkdown } from './markdown.ts';

/** A command that somebody wrote down in a project. */
export interface WrittenCommand {
  readonly command: string;
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly line: number;
}

const MOST_FILES = 200;
const MOST_BYTES = 512 * 1024;
const LEVELS_UP = 6;

/** Files and folders that hold commands, in the order in which they are believed. */
const documents = ['CLAUDE.md', 'AGENTS.md', 'GEMINI.md', 'README.md', 'CONTRIBUTING.md', 'DEVELOPMENT.md'];
const documentFolders = ['docs', 'doc', '.claude/commands', '.github'];
const scriptFolders = ['scripts', 'script', 'bin', 'tools', 'hack'];

/**
 * The commands that the project around a folder holds: package scripts, make targets, scripts, and what its documents show as code.
 * Empty when the folder is not reachable. Only reads, follows no links, and stops at 200 files.
 */
export function commandsOfProject(folder: string): readonly WrittenCommand[] {
  const found = rootOf(folder);
  if (found === null) return [];
  // Sources are opened by their real paths only.
  const root = fs.realpathSync(found);
  const read = (name: string): string | null => textOf(path.join(root, name));
  const markdown = [...documents, ...documentFolders.flatMap((name) => namesIn(root, name, /\.mdx?$/i))];
  return [
    ...fromPackage(read('package.json')),
    ...['Makefile', 'makefile', 'GNUmakefile'].flatMap((name) => fromMakefile(read(name), name)),
    ...scriptFolders.flatMap((name) => namesIn(root, name, /./).flatMap(fromScript)),
    ...markdown
      .slice(0, MOST_FILES)
      .flatMap((file) => commandsInMarkdown(read(file) ?? '').map((found) => ({ ...found, file }))),
  ];
}

/** The nearest folder above that is a project of its own; the folder itself where none is. */
function rootOf(folder: string): string | null {
  if (!path.isAbsolute(folder) || !isDirectory(folder)) return null;
  let place = folder;
  for (let level = 0; level < LEVELS_UP; level += 1) {
    if (
      ['.git', 'package.json', 'Makefile', 'pyproject.toml', 'Cargo.toml', 'go.mod'].some((name) => exists(place, name))
    ) {
      return place;
    }
    const above = path.dirname(place);
    if (above === place) break;
    place = above;
  }
  return folder;
}

function fromPackage(text: string | null): readonly WrittenCommand[] {
  if (text === null) return [];
  const lines = text.split('\n');
  const scripts = asObject(asObject(parsed(text))?.['scripts']) ?? {};
  return Object.entries(scripts).flatMap(([name, command]) => {
    const line = lines.findIndex((written) => written.includes(`"${name}"`)) + 1;
    const calls = ['npm run', 'pnpm run', 'pnpm', 'yarn', 'yarn run', 'bun run'].map((runner) => `${runner} ${name}`);
    const short = ['test', 'start', 'stop', 'restart'].includes(name) ? [`npm ${name}`, `npm t`] : [];
    const written = typeof command === 'string' ? [command] : [];
    return [...calls, ...short, ...written].map((each) => ({ command: each, file: 'package.json', line }));
  });
}

function fromMakefile(text: string | null, file: string): readonly WrittenCommand[] {
  return (text ?? '').split('\n').flatMap((line, index) => {
    const target = /^([A-Za-z0-9][\w.-]*)\s*:(?!=)/.exec(line)?.[1];
    if (target !== undefined) return [{ command: `make ${target}`, file, line: index + 1 }];
    return line.startsWith('\t') ? [{ command: line.replace(/^\t[@-]*/, ''), file, line: index + 1 }] : [];
  });
}

function fromScript(file: string): readonly WrittenCommand[] {
  const calls = [`./${file}`, file, `bash ${file}`, `sh ${file}`, `node ${file}`, `python ${file}`, `python3 ${file}`];
  return calls.map((command) => ({ command, file, line: 1 }));
}

function namesIn(root: string, folder: string, wanted: RegExp): readonly string[] {
  try {
    return fs
      .readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && wanted.test(entry.name))
      .map(({ name }) => `${folder}/${name}`)
      .sort()
      .slice(0, MOST_FILES);
  } catch {
    return []; // Most projects have few of these folders.
  }
}

function textOf(file: string): string | null {
  try {
    const source = openSource(file);
    try {
      return source.read(0, Math.min(source.identity.sizeBytes, MOST_BYTES)).toString('utf8');
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof UnreadableSource) return null;
    throw error;
  }
}

function parsed(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return null;
  }
}

function isDirectory(folder: string): boolean {
  return fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

function exists(folder: string, name: string): boolean {
  return fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false }) !== undefined;
}
