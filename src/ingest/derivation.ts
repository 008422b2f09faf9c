import { createHmac, hash } from 'node:crypto';
import { rulesVersion } from '../core/redact/version.ts';
import { tables } from '../lake/schema.ts';
import type { Redaction } from './job.ts';
import { priceSource } from './price-source.ts';

/** Raised with every change of what an adapter or the row writer makes of the same bytes. */
const CODE_VERSION = 7;

const code = JSON.stringify([
  CODE_VERSION,
  priceSource,
  rulesVersion,
  tables.events.columns.map(({ name, type }) => [name, type]),
]);

/** Names what events are derived by; a source derived by something else is derived again from the archive. */
export function derivationOf({ key, known }: Redaction): string {
  const marks = createHmac('sha256', key).update('derivation').digest('hex').slice(0, 16);
  return hash('sha256', `${code}\n${marks}${known.map(({ hash: secret }) => `\n${secret}`).join('')}`, 'hex').slice(
    0,
    16,
  );
}
