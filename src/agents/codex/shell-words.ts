import { asArray, type Json } from '../../core/json.ts';
import { flagOnce, type Flags } from '../shared/fields.ts';

const shells = /^(?:.*[/\\])?(?:ba|z|da|k|fi)?sh(?:\.exe)?$/i;
const commandShells = /^(?:.*[/\\])?cmd(?:\.exe)?$/i;
const powerShells = /^(?:.*[/\\])?(?:pwsh|powershell)(?:\.exe)?$/i;
/** A word that a shell reads as itself. */
const plain = /^[\w@%+=:,./~^-]+$/;

/** One command line of what a shell tool was given: a line, or a list of words; `bash -lc` and its like are left out. */
export function commandLine(flags: Flags, value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  const words = asArray(value)?.filter((word) => typeof word === 'string');
  if (words === undefined || words.length === 0) {
    if (value !== undefined && value !== null) flagOnce(flags, 'wrong_type');
    return null;
  }
  return scriptOf(words) ?? words.map(quoted).join(' ');
}

/** The script that a shell is started with. */
function scriptOf(words: readonly string[]): string | null {
  const [program = '', ...rest] = words;
  const script = rest.at(-1) ?? null;
  const options = rest.slice(0, -1);
  if (shells.test(program)) return options.some((option) => /^-[a-z]*c$/.test(option)) ? script : null;
  if (commandShells.test(program)) return options.some((option) => /^\/c$/i.test(option)) ? script : null;
  if (powerShells.test(program)) return options.some((option) => /^-c(?:ommand)?$/i.test(option)) ? script : null;
  return null;
}

function quoted(word: string): string {
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
