/** The Delta log of a table: reading what is in it, and making its next version. */
export type { DataFile } from './log/actions.ts';
export { commit } from './log/commit.ts';
export { readSnapshot } from './log/snapshot.ts';
export type { Snapshot } from './log/state.ts';
