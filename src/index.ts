/** What other programs may import: reading transcripts into a store, asking its views, and the report. */
export { SeshError, UsageError, exitCode } from './core/errors.ts';
export { parseWindow, type Window } from './core/window.ts';
export { sync } from './ingest/sync.ts';
export type { ProgressSink, SyncEffects, SyncOptions, SyncSummary } from './ingest/summary.ts';
export { readSnapshot } from './lake/log.ts';
export { storeDirectory, storePaths } from './lake/store.ts';
export { renderReport } from './report/page.ts';
export { buildReport } from './report/report.ts';
export type { Report } from './report/value.ts';
export { openViews, type Views } from './views/query.ts';
