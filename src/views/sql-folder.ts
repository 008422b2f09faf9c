import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layers } from './contract.ts';

/** The package's own `sql/`: the same distance from `src/views` and from `dist/views`. */
export const packagedSql = fileURLToPath(new URL('../../sql', import.meta.url));

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
