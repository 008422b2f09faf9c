import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import type { Document, LineCounter, YAMLSeq } from 'yaml';
import { UsageError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { matchFields, parseFix, type Fix } from './fix.ts';

const require = createRequire(import.meta.url);

/** Loaded where there is a register: most people have none, and it is 70 files. */
function yaml(): typeof Yaml {
  return require('yaml');
}

const HEADER = `# Fixes: what was repaired, when, and which incidents should have ended with it.
# sesh reads this file for \`sesh report\` and \`sesh fixes\`; people review it. Times without an offset are in the zone of the run.
`;

/** The fixes of a register; an empty text has none. Throws a UsageError that names file and line. */
export function parseRegister(text: string, file: string, zone: string): readonly Fix[] {
  if (text === '') return [];
  const lines = new (yaml().LineCounter)();
  const document = parsed(text, file, lines);
  const fixes = entriesOf(document, file).items.map((item): Fix => {
    const at = yaml().isMap(item) || yaml().isSeq(item) ? lines.linePos(item.range?.[0] ?? 0).line : 1;
    // Without aliases, which could grow without bound.
    const value: Json = yaml().isMap(item) ? item.toJS(document, { maxAliasCount: 0 }) : null;
    return parseFix(value, `${file}:${at}`, zone);
  });
  const twice = fixes.find(({ id }, index) => fixes.findIndex((other) => other.id === id) < index);
  if (twice !== undefined) {
    throw new UsageError(`${file}: the fix ${twice.id} is there twice.`, 'Give one of them another id.');
  }
  return fixes;
}

/** The register with one more fix at its end; comments and order of what is there stay. */
export function withFix(text: string, file: string, fix: Fix): string {
  const document = parsed(text === '' ? `${HEADER}fixes: []\n` : text, file, new (yaml().LineCounter)());
  const entries = entriesOf(document, file);
  entries.flow = false;
  entries.add(document.createNode(plainFix(fix)));
  return document.toString({ lineWidth: 0 });
}

/** The register without a fix; null when it does not hold one with this id. */
export function withoutFix(text: string, file: string, id: string): string | null {
  const document = parsed(text, file, new (yaml().LineCounter)());
  const entries = entriesOf(document, file);
  const index = entries.items.findIndex((item) => yaml().isMap(item) && String(item.get('id')) === id);
  if (index < 0) return null;
  entries.delete(index);
  return document.toString({ lineWidth: 0 });
}

function plainFix({ id, title, fixedAt, match, issue, commit }: Fix): Json {
  const given = matchFields.flatMap((name) => (match[name] === null ? [] : [[name, match[name]] as const]));
  return {
    id,
    title,
    fixed_at: new Date(fixedAt / 1000).toISOString().replace('.000Z', 'Z'),
    ...(given.length === 0 ? {} : { match: Object.fromEntries(given) }),
    ...(issue === null ? {} : { issue }),
    ...(commit === null ? {} : { commit }),
  };
}

function parsed(text: string, file: string, lineCounter: LineCounter): Document {
  // In this schema times stay text: the zone of the run decides about those without an offset.
  const document = yaml().parseDocument(text, { lineCounter, schema: 'core' });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? 1;
    throw new UsageError(`${file}:${line}: it is not YAML (${problem.message.split('\n')[0] ?? ''}).`);
  }
  return document;
}

function entriesOf(document: Document, file: string): YAMLSeq {
  if (document.contents === null) document.contents = document.createNode({ fixes: [] });
  const { contents } = document;
  if (!yaml().isMap(contents)) throw new UsageError(`${file}: expected a list under "fixes:".`);
  const unknown = contents.items.map(({ key }) => String(key)).find((key) => key !== 'fixes');
  if (unknown !== undefined) throw new UsageError(`${file}: "${unknown}" is not known here.`, 'Known is "fixes".');
  const entries = contents.get('fixes', true);
  if (entries instanceof yaml().YAMLSeq) return entries;
  throw new UsageError(`${file}: expected a list under "fixes:".`);
}
