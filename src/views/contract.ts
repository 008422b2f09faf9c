/** The layers of `sql/`; all but the marts are schemas of their own. */
export const layers = ['staging', 'intermediate', 'marts', 'reports', 'checks'] as const;
export type Layer = (typeof layers)[number];

interface ViewColumn {
  readonly name: string;
  /** What the column holds, with its unit. */
  readonly about: string;
}

/** One file of `sql/<layer>/`: a view, or a table macro when the header has `parameters:`. */
export interface View {
  /** As queries write it: `sessions`, `intermediate.timeline_in`. */
  readonly name: string;
  readonly layer: Layer;
  readonly about: string;
  readonly grain: string;
  readonly key: readonly string[];
  readonly reads: readonly string[];
  /** Empty for a view. */
  readonly parameters: readonly string[];
  /** Its rows are found once and kept as long as the views are open: for steps that several views share. */
  readonly kept: boolean;
  /** They are also kept beside the store until its events change; what a session has then follows from its events alone. */
  readonly stored: boolean;
  readonly columns: readonly ViewColumn[];
  /** The lake table whose columns these are, for `-- columns: as lake.events`. */
  readonly columnsOf: string | null;
  readonly select: string;
}

interface Header {
  readonly about: string;
  readonly fields: ReadonlyMap<string, string>;
  readonly columns: readonly ViewColumn[];
}

/** Throws a TypeError that names the file: a header without its parts is a mistake in the program. */
export function parseView(layer: Layer, file: string, text: string): View {
  const bare = file.replace(/\.sql$/, '');
  const { comments, body } = splitHeader(text);
  const header = parseHeader(comments);
  const field = (name: string): string => {
    const value = header.fields.get(name);
    if (value === undefined) throw new TypeError(`Expected sql/${layer}/${file} to have a line "-- ${name}: ..."`);
    return value;
  };
  if (!/^(with|select|from)\b/.test(body)) {
    throw new TypeError(`Expected sql/${layer}/${file} to hold one bare select after its header`);
  }
  const columnsLine = field('columns');
  return {
    name: qualifiedName(layer, bare),
    layer,
    about: header.about,
    grain: field('grain'),
    key: names(field('key')),
    reads: names(field('reads')),
    parameters: names(header.fields.get('parameters') ?? ''),
    kept: header.fields.has('kept') || header.fields.has('stored'),
    stored: header.fields.has('stored'),
    columns: header.columns,
    columnsOf: /^as (\S+)$/.exec(columnsLine)?.[1] ?? null,
    select: body,
  };
}

export function schemaOf(layer: Layer): string {
  return layer === 'marts' ? 'main' : layer;
}

function qualifiedName(layer: Layer, bare: string): string {
  return layer === 'marts' ? bare : `${layer}.${bare}`;
}

function splitHeader(text: string): { readonly comments: readonly string[]; readonly body: string } {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return { comments: lines.slice(0, end), body: lines.slice(end).join('\n').trim().replace(/;$/, '') };
}

const FIELD = /^-- (grain|key|reads|parameters|kept|stored|columns):\s*(.*)$/;
const COLUMN = /^--   ([a-z][a-z0-9_]*): (.+)$/;

/** A line that is neither a field nor a column carries on the one before it. */
function parseHeader(comments: readonly string[]): Header {
  const about: string[] = [];
  const fields = new Map<string, string>();
  const columns: ViewColumn[] = [];
  let inField: string | null = null;
  for (const line of comments) {
    const [, fieldName, fieldValue = ''] = FIELD.exec(line) ?? [];
    const [, columnName, columnAbout = ''] = COLUMN.exec(line) ?? [];
    const more = line.replace(/^--\s*/, '');
    const last = columns.at(-1);
    if (fieldName !== undefined) {
      fields.set(fieldName, fieldValue);
      inField = fieldName;
    } else if (inField === 'columns' && columnName !== undefined) {
      columns.push({ name: columnName, about: columnAbout });
    } else if (inField === null) {
      about.push(more);
    } else if (inField === 'columns' && last !== undefined) {
      columns[columns.length - 1] = { name: last.name, about: `${last.about} ${more}` };
    } else {
      fields.set(inField, `${fields.get(inField) ?? ''} ${more}`);
    }
  }
  return { about: about.join(' ').trim(), fields, columns };
}

function names(list: string): readonly string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'nothing');
}
