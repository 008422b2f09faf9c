import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canaryOf, judgeVersion, verdictKey, type KeyParts } from '../../../src/judge/key.ts';

const parts: KeyParts = {
  hashes: { rendered: 'r', facts: 'f', prompt: 'p', schema: 's' },
  rendererVersion: '1',
  provider: 'anthropic',
  host: 'api.anthropic.com',
  model: 'model-1',
  maxTokens: 4096,
  effort: null,
  sampleIndex: 0,
};

/** One change for each component of judge.md 3.8. */
const changes: Readonly<Record<string, (text: string) => KeyParts>> = {
  rendered_sha256: (text) => ({ ...parts, hashes: { ...parts.hashes, rendered: text } }),
  facts_sha256: (text) => ({ ...parts, hashes: { ...parts.hashes, facts: text } }),
  prompt_sha256: (text) => ({ ...parts, hashes: { ...parts.hashes, prompt: text } }),
  schema_sha256: (text) => ({ ...parts, hashes: { ...parts.hashes, schema: text } }),
  renderer_version: (text) => ({ ...parts, rendererVersion: text }),
  provider: (text) => ({ ...parts, provider: text }),
  base_url_host: (text) => ({ ...parts, host: text }),
  model_id_exact: (text) => ({ ...parts, model: text }),
  max_tokens: (text) => ({ ...parts, maxTokens: 5000 + text.length }),
  effort: (text) => ({ ...parts, effort: text }),
  sample_index: (text) => ({ ...parts, sampleIndex: 1 + text.length }),
};

const otherText = fc
  .string()
  .filter((text) => !['r', 'f', 'p', 's', '1', 'anthropic', 'api.anthropic.com', 'model-1'].includes(text));

describe('the key', () => {
  test.each(Object.entries(changes))('changes with %s', (_name, change) => {
    fc.assert(
      fc.property(otherText, (text) => {
        expect(verdictKey(change(text))).not.toBe(verdictKey(parts));
      }),
    );
  });

  test('of different changes is different', () => {
    const keys = [parts, ...Object.values(changes).map((change) => change('x'))].map(verdictKey);
    expect(new Set(keys).size).toBe(12);
  });

  test('does not change with anything else, nor with the order in which parts are named', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (others) => {
        const more = { ...others, ...parts };
        const reversed = Object.fromEntries(Object.entries(parts).toReversed());
        expect(verdictKey(more)).toBe(verdictKey(parts));
        expect(verdictKey({ ...parts, ...reversed })).toBe(verdictKey(parts));
      }),
    );
  });

  test('is 64 hex digits, the same on every machine', () => {
    // sha256 of {"base_url_host":"api.anthropic.com","effort":null,"facts_sha256":"f","max_tokens":4096,"model_id_exact":"model-1",
    // "prompt_sha256":"p","provider":"anthropic","rendered_sha256":"r","renderer_version":"1","sample_index":0,"schema_sha256":"s"}
    expect(verdictKey(parts)).toBe('bca96702f756d2ceaf2451cc1d6e4a7f73f0a31d82ad09dc75a3672bbd9d3f7c');
  });
});

test('the version of the judge says prompt, form and renderer', () => {
  const hashes = { ...parts.hashes, prompt: '0123456789', schema: 'abcdef0123' };
  expect(judgeVersion({ ...parts, hashes })).toBe('p01234567-sabcdef01-r1');
});

test('the canary depends on the key alone and does not tell it', () => {
  const key = verdictKey(parts);
  expect(canaryOf(key)).toMatch(/^[0-9a-f]{12}$/);
  expect(canaryOf(key)).toBe(canaryOf(key));
  expect(key).not.toContain(canaryOf(key));
});
