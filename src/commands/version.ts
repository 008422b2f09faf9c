import { readFileSync } from 'node:fs';

/** The version in package.json, which lies as far from `src/commands` as from `dist/commands`. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
