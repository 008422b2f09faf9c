import fs from 'node:fs';
import { asObject, asText, type Json } from '../core/json.ts';

/** Where list prices come from; part of the derivation, so that new prices re-derive every cost. */
export const priceSource = `genai-prices ${packageVersion()}`;

function packageVersion(): string {
  const entry = new URL(import.meta.resolve('@pydantic/genai-prices'));
  const manifest: Json = JSON.parse(fs.readFileSync(new URL('../package.json', entry), 'utf8'));
  return asText(asObject(manifest)?.['version']) ?? 'unknown';
}
