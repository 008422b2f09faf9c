import type { SourceSecrets } from '../core/redact/source-secrets.ts';

/** More values than this are not looked for one by one. */
const MOST_VALUES = 64;
/** What stands in JSON as it is. */
const plain = /^[\w\-./+=~@#%^&*()!?$,:;{}[\]| ]+$/;

/**
 * Whether an event that has become a row may hold a secret that only a later one gave away: then the source is derived once more,
 * all its secrets known. `chunks` are the source's bytes; null when they say nothing about its texts (packed ones).
 */
export function mayHoldLateSecrets(secrets: SourceSecrets, chunks: Iterable<Buffer> | null): boolean {
  if (secrets.isLate) return true;
  const waiting = [...secrets.firstSeen].filter(([, seen]) => seen > 0);
  if (waiting.length === 0) return false;
  if (chunks === null || waiting.length > MOST_VALUES || waiting.some(([value]) => !plain.test(value))) return true;
  const last = Math.max(...waiting.map(([, seen]) => seen));
  let offset = 0;
  for (const chunk of chunks) {
    for (const [value, seen] of waiting) {
      const at = chunk.indexOf(value);
      if (at !== -1 && offset + at < seen) return true;
    }
    offset += chunk.length;
    if (offset >= last) return false;
  }
  return false;
}
