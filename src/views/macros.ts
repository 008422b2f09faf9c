/** One function of `sql/macros/`. To make one takes a millisecond, so only those are made that something calls. */
export interface Macro {
  readonly name: string;
  /** The statement that makes it. */
  readonly create: string;
}

const HEAD = /^create macro ([a-z_][a-z0-9_]*)\(/;

/** The macros of one file: each begins a line with `create macro`. */
export function macrosIn(text: string): readonly Macro[] {
  return text
    .split(/^(?=create )/m)
    .map((part) => ({ name: HEAD.exec(part)?.[1], create: part.replaceAll(/^--.*\n/gm, '').trim() }))
    .flatMap(({ name, create }) => (name === undefined ? [] : [{ name, create }]));
}

/** Every name before an opening bracket: functions of the engine, too, and words of texts, which do no harm. */
export function calledIn(sql: string): ReadonlySet<string> {
  const known = called.get(sql);
  if (known !== undefined) return known;
  const names = new Set([...sql.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, name = '']) => name.toLowerCase()));
  called.set(sql, names);
  return names;
}

/** Of the texts of the package's own files, which are asked for many times. */
const called = new Map<string, ReadonlySet<string>>();
