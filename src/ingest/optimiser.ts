import { setFlagsFromString } from 'node:v8';

/**
 * V8 11 (Node 20) can end the process when it optimises the loop that reads records: what it allocates together is written to a page
 * that a collection in between has freed. One optimisation does it, which costs nothing measurable to leave out. Seen with Node 20.20.2
 * on `npm run heavy -- events-100000`: 4 of 12 syncs under `--max-semi-space-size=1` died with it, 0 of 24 without.
 */
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--no-turbo-allocation-folding');
