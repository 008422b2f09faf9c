import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../core/package-root.ts';
import { layers } from './contract.ts';

/** The package's own. */
export const packagedSql = fileURLToPath(new URL('sql', packageRoot));

export interface SqlFile {
  readonly name: string;
  readonly text: string;
}

/** Every text that decides what a view gives. */
export function sqlTexts(folder: string = packagedSql): readonly SqlFile[] {
  return ['macros', 'seeds', ...layers].flatMap((part) =>
    filesOf(`${folder}/${part}`, '').map(({ name, text }) => ({ name: `${part}/${name}`, text })),
  );
}

export function filesOf(folder: string, ending: string): readonly SqlFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));
}
