/**
 * Many sessions in one place that is no transcript file: each session is a source of its own, exported as JSON lines. A database's
 * lines are `{"table": name, "row": {column: value}}`, a folder's `{"file": path in the folder, "value": parsed JSON}`, or
 * `{"file", "text"}` where the file is not JSON.
 */
export type Collection = DatabaseCollection | FolderCollection;

/** A SQLite database; it is copied before it is opened, so that nothing is ever written beside it. */
export interface DatabaseCollection {
  readonly kind: 'database';
  /** Whether a file is such a database, by its path relative to the root that is walked. */
  readonly recognise: (path: string) => boolean;
  /** How to read it, from the columns that it has; null when it is another program's database of the same name. */
  readonly plan: (tables: TableColumns) => DatabasePlan | null;
}

/** Column names by table name. */
export type TableColumns = ReadonlyMap<string, readonly string[]>;

export interface DatabasePlan {
  /**
   * SQL that gives one row a session: `member` (its id), `changed_ms` (last change, milliseconds since 1970, 0 when unknown) and
   * `size` (any whole number that other rows or longer values change).
   */
  readonly members: string;
  /** SQL of the rows of one session, which is bound to `?1`, in the order in which the adapter wants them. */
  readonly rows: readonly { readonly table: string; readonly sql: string }[];
}

/** A session spread over many small files. */
export interface FolderCollection {
  readonly kind: 'folder';
  /** The collection's folder and the session for a file that stands for one (paths relative to the root that is walked). */
  readonly recognise: (path: string) => { readonly folder: string; readonly member: string } | null;
  /**
   * The files of one session, relative to the collection's folder, in the order in which the adapter wants them. `list` gives the
   * sorted names in a directory (relative as well; `/` separators), none when it is missing.
   */
  readonly files: (member: string, list: (directory: string) => readonly string[]) => readonly string[];
}
