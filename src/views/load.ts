import { layers, parseView, schemaOf, type View } from './contract.ts';
import { calledIn, macrosIn, type Macro } from './macros.ts';
import { createSeed, parseSeed, type Seed } from './seeds.ts';
import { filesOf, packagedSql } from './sql-folder.ts';

/** Everything in `sql/`. */
export interface Catalog {
  /** The functions of `sql/macros/`, in the order of the files. */
  readonly macros: ReadonlyMap<string, Macro>;
  readonly seeds: ReadonlyMap<string, Seed>;
  /** Views and table macros, every one after those that it reads. */
  readonly views: ReadonlyMap<string, View>;
}

/** Reads a `sql/` folder. Throws a TypeError for a broken header and for views that read in a circle. */
export function loadCatalog(folder: string = packagedSql): Catalog {
  const macros = filesOf(`${folder}/macros`, '.sql').flatMap((file) => macrosIn(file.text));
  const seeds = filesOf(`${folder}/seeds`, '.csv').map((file) => parseSeed(file.name.slice(0, -4), file.text));
  const views = layers.flatMap((layer) =>
    filesOf(`${folder}/${layer}`, '.sql').map((file) => parseView(layer, file.name, file.text)),
  );
  return {
    macros: new Map(macros.map((macro) => [macro.name, macro])),
    seeds: new Map(seeds.map((seed) => [seed.name, seed])),
    views: inReadingOrder(views),
  };
}

/**
 * The statement that makes one view or table macro, or where rows are to be `kept` the table of a kept view. `stored` is a
 * select of rows that were found before.
 */
export function createView(view: View, kept: boolean, stored?: string): string {
  const bare = view.name.slice(view.name.indexOf('.') + 1);
  const target = `${schemaOf(view.layer)}.${bare}`;
  if (view.parameters.length > 0) {
    return `create macro ${target}(${view.parameters.join(', ')}) as table ${view.select};`;
  }
  if (stored !== undefined) return `create view ${target} as ${stored};`;
  return `create ${view.kept && kept ? 'table' : 'view'} ${target} as ${view.select};`;
}

/**
 * The statements that make the named views, seeds and macros with everything that they read; unknown names are left out.
 * Without `kept` nothing is computed: for queries that only ask what there is. Views in `stored` are made of their select.
 */
export function createStatements(
  catalog: Catalog,
  wanted: ReadonlySet<string>,
  made: ReadonlySet<string>,
  kept: boolean,
  stored: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const needed = closure(catalog, wanted, new Set(stored.keys()));
  const seeds = [...catalog.seeds.values()].map((seed) => ({ name: seed.name, create: () => createSeed(seed) }));
  const views = [...catalog.views.values()].map((view) => ({
    name: view.name,
    create: () => createView(view, kept, stored.get(view.name)),
  }));
  const macros = [...catalog.macros.values()].map(({ name, create }) => ({ name, create: () => create }));
  const missing = [...seeds, ...macros, ...views].filter(({ name }) => needed.has(name) && !made.has(name));
  return new Map(missing.map(({ name, create }) => [name, create()]));
}

/** The named views, seeds and macros with everything that they read, but not what views in `whole` are made of. */
export function closure(
  catalog: Catalog,
  wanted: ReadonlySet<string>,
  whole: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const needed = new Set<string>();
  const add = (name: string): void => {
    if (needed.has(name)) return;
    needed.add(name);
    if (whole.has(name)) return;
    const view = catalog.views.get(name);
    for (const read of view?.reads ?? []) add(read);
    const text = view?.select ?? catalog.macros.get(name)?.create ?? '';
    for (const called of calledIn(text)) if (catalog.macros.has(called)) add(called);
  };
  for (const name of wanted) add(name);
  return needed;
}

function inReadingOrder(views: readonly View[]): ReadonlyMap<string, View> {
  const byName = new Map(views.map((view) => [view.name, view]));
  const ordered = new Map<string, View>();
  const visit = (view: View, path: readonly string[]): void => {
    if (ordered.has(view.name)) return;
    if (path.includes(view.name)) throw new TypeError(`Views read in a circle: ${[...path, view.name].join(' -> ')}`);
    for (const name of view.reads) {
      const read = byName.get(name);
      if (read !== undefined) visit(read, [...path, view.name]);
    }
    ordered.set(view.name, view);
  };
  for (const view of views) visit(view, []);
  return ordered;
}
