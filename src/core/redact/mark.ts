import { createHmac } from 'node:crypto';
import { secretKinds, type Finding, type SecretKind } from './kinds.ts';

/** What redaction leaves behind in place of a secret. */
export const markPattern = String.raw`\[secret:(?:${secretKinds.join('|')}):[0-9a-f]{6}\]`;

/** Equal secrets have equal marks; nobody without the key can try values until one fits. */
export function markOf(kind: SecretKind, value: string, key: Uint8Array): string {
  return `[secret:${kind}:${fingerprint(value, key)}]`;
}

export function fingerprint(value: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 6);
}

/** Overlapping findings become one, named after the longest of them. */
export function merged<F extends Finding>(findings: readonly F[]): readonly F[] {
  const sorted = findings
    .filter((finding) => finding.end > finding.start)
    .toSorted((a, b) => a.start - b.start || b.end - a.end || (a.kind < b.kind ? -1 : 1));
  const result: F[] = [];
  let widest = 0;
  for (const finding of sorted) {
    const last = result.at(-1);
    if (last === undefined || finding.start >= last.end) {
      result.push(finding);
      widest = finding.end - finding.start;
      continue;
    }
    const length = finding.end - finding.start;
    const named = length > widest ? finding : last;
    result[result.length - 1] = { ...named, start: last.start, end: Math.max(last.end, finding.end) };
    widest = Math.max(widest, length);
  }
  return result;
}
