import { readFileSync } from 'node:fs';
import { packageRoot } from '../core/package-root.ts';

/** The version in package.json. */
export function ownVersion(): string {
  const text = readFileSync(new URL('package.json', packageRoot), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
