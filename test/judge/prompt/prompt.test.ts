import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { factsBlock, readFacts } from '../../../src/judge/facts.ts';
import { canonicalJson } from '../../../src/judge/prompt/canonical.ts';
import type { PreparedSession } from '../../../src/judge/contract.ts';
import { prepare, type SessionData } from '../../../src/judge/prompt/prepare.ts';
import { fenceCode, prompt, repairMessage, userMessage } from '../../../src/judge/prompt/prompt.ts';
import { Answer } from '../../../src/judge/verdict/answer.ts';
import { prompt as asked, reply, sessionOf, shell, testKey } from '../render/session.ts';

const facts = readFacts(null);
const data: SessionData = {
  events: sessionOf(asked('Mend the crane'), shell('pytest', '4 passed'), reply('Mended.')),
  facts,
  models: [],
};

async function prepared(change: Partial<SessionData> = {}, agent = 'claude-code'): Promise<PreparedSession> {
  return await prepare({ agent, sessionId: 's', project: 'harbor' }, { ...data, ...change }, { redactionKey: testKey });
}

describe('what the judge is sent', () => {
  test('is facts, then the transcript in its fence, then the reminder', async () => {
    const { user } = await prepared();
    const [, code = ''] = /<transcript-([0-9a-f]{32})>/.exec(user) ?? [];
    const order = [
      '<facts>\n{',
      '\n</facts>\n\n<transcript-',
      '[E1] user: message',
      `</transcript-${code}>\n\nThe transcript has ended.`,
    ];
    const places = order.map((part) => user.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(user.split(code).length).toBe(3);
  });

  test('begins with the same bytes for every session', async () => {
    const other = await prepared({ events: sessionOf(asked('Paint the hook')) });
    expect(other.system).toBe((await prepared()).system);
  });

  test('names no agent: the same events of another program give the same text', async () => {
    const [one, other] = [await prepared({}, 'claude-code'), await prepared({}, 'codex')];
    expect(other.user).toBe(one.user);
    expect(other.hashes).toEqual(one.hashes);
  });

  test('is no longer for a longer last message of the agent', async () => {
    const padded = (words: number): Promise<PreparedSession> =>
      prepared({ events: sessionOf(asked('Go'), reply('Everything is done and works perfectly. '.repeat(words))) });
    const [short, long] = [await padded(50), await padded(5000)];
    expect(long.user.length - short.user.length).toBeLessThan(10);
  });

  test('is estimated in tokens as a quarter of its bytes, the form of the answer among them', async () => {
    const { system, user, schema, inputTokens } = await prepared();
    const form = JSON.stringify(schema);
    expect(Math.abs(inputTokens - (system.length + user.length + form.length) / 4)).toBeLessThanOrEqual(2);
  });
});

describe('the hashes', () => {
  test('change each with its own part and with nothing else', async () => {
    const base = await prepared();
    const otherText = await prepared({ events: sessionOf(asked('Mend the hook')) });
    const otherFacts = await prepared({ facts: { ...facts, commits: 1 } });
    expect(otherText.hashes).toEqual({ ...base.hashes, rendered: expect.not.stringMatching(base.hashes.rendered) });
    expect(otherFacts.hashes).toEqual({ ...base.hashes, facts: expect.not.stringMatching(base.hashes.facts) });
  });

  test('are SHA-256 in hex', async () => {
    const { hashes } = await prepared();
    expect(Object.values(hashes).filter((text) => !/^[0-9a-f]{64}$/.test(text))).toEqual([]);
  });
});

describe('the fence', () => {
  test('is the same for the same content and another for any other', () => {
    expect(fenceCode('a')).toBe(fenceCode('a'));
    expect(fenceCode('a')).not.toBe(fenceCode('b'));
  });

  test('is never in the content that it encloses', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const { text } = userMessage('{}', content);
        const [, code = '-'] = /<transcript-([0-9a-f]{32})>/.exec(text) ?? [];
        expect(content).not.toContain(code);
        expect(text.split(`</transcript-${code}>`).length).toBe(2);
      }),
    );
  });
});

test('facts are numbers and fixed words, in an order of their own', () => {
  const block = factsBlock({ ...facts, lastTest: 'fail', commits: 2 });
  const json: Json = JSON.parse(block);
  expect(canonicalJson(json)).toBe(block);
  expect(json).toMatchObject({ last_test_after_last_change: 'fail', commits: 2 });
  expect(
    Object.values(isObject(json) ? json : {}).filter(
      (value) => !/^(?:[a-z]+|\d+)$/.test(JSON.stringify(value).replaceAll('"', '')),
    ),
  ).toEqual([]);
});

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true, e: undefined })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  );
});

test('every score has an example, both of the telling ones among them', () => {
  for (const start of ['5, although ugly:', '4:', '3:', '2, although polished:', '1:']) {
    expect(prompt.system.split('# Examples')[1]).toContain(`\n${start}`);
  }
});

test('a problem is put into the repair message as it is', () => {
  expect(repairMessage('It costs $& and $1.')).toContain(
    'could not be used.\nIt costs $& and $1.\nGive the whole answer',
  );
});

/** Fields, types and choices of a schema, without lengths and descriptions. */
function shapeOf(schema: Json | undefined): Json {
  if (!isObject(schema)) return null;
  const alternatives = Array.isArray(schema['anyOf']) ? schema['anyOf'].map((part: Json) => shapeOf(part)) : [];
  const parts = alternatives.filter(isObject);
  if (parts.length > 0) {
    const values = parts.flatMap((part) => (Array.isArray(part['enum']) ? part['enum'] : []));
    return { enum: [...values, null] };
  }
  if (Array.isArray(schema['enum'])) return { enum: schema['enum'] };
  if (schema['type'] === 'array') return { items: shapeOf(schema['items']), maxItems: schema['maxItems'] };
  if (schema['type'] !== 'object') return { type: schema['type'] };
  const properties: JsonObject = isObject(schema['properties']) ? schema['properties'] : {};
  return {
    required: schema['required'],
    extra: schema['additionalProperties'],
    properties: Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, shapeOf(part)])),
  };
}

test('the schema that is sent and the one that answers are held to are the same', () => {
  const checked: Json = JSON.parse(JSON.stringify(z.toJSONSchema(Answer)));
  expect(shapeOf(checked)).toEqual(shapeOf(prompt.schema));
});
