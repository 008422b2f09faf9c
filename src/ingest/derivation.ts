import { hash } from 'node:crypto';
import { tables } from '../lake/schema.ts';
import { priceSource } from './price.ts';

/** Raised with every change of what an adapter or the row writer makes of the same bytes. */
const CODE_VERSION = 3;

/** Names what events are derived by; a source derived by something else is derived again from the archive. */
export const derivation = hash(
  'sha256',
  JSON.stringify([CODE_VERSION, priceSource, tables.events.columns.map(({ name, type }) => [name, type])]),
  'hex',
).slice(0, 16);
