export type Cell = string | number | bigint | Uint8Array | null;
/** One value for each column of a table, in its order. Timestamps are microseconds. */
export type Row = readonly Cell[];
