import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactAll } from '../../../src/core/redact/redact.ts';

const key = Buffer.from('0123456789abcdef0123456789abcdef', 'hex');

async function redact(text: string): Promise<string> {
  return (await redactAll([text], key))[0] ?? '';
}

function mark(kind: string, value: string): string {
  return `[secret:${kind}:${createHmac('sha256', key).update(value).digest('hex').slice(0, 6)}]`;
}

/** Put together here, so that no scanner takes this file for a leak. */
const join = (...parts: readonly string[]): string => parts.join('');
const alphanumeric = 'Q7xR2mK9pL4vT8wZ3nB6cD1fG5hJ0sYaQ7xR2mK9pL4vT8wZ3nB6cD1fG5hJ0sYaQ7xR2mK9pL4vT8wZ3nB6cD1fG5hJ0sYa';

const planted: readonly (readonly [kind: string, name: string, secret: string])[] = [
  ['github', 'GitHub token', join('gh', 'p_', alphanumeric.slice(0, 36))],
  ['github', 'GitHub token cut off by a short quote', join('gh', 'p_', alphanumeric.slice(0, 20))],
  ['github', 'GitHub fine-grained token', join('github', '_pat_', alphanumeric.slice(0, 82))],
  ['gitlab', 'GitLab token', join('gl', 'pat-', alphanumeric.slice(0, 20))],
  ['anthropic', 'Anthropic key', join('sk-', 'ant-api03-', alphanumeric.slice(0, 93), 'AA')],
  ['openai', 'OpenAI key', join('sk-', 'proj-', alphanumeric.slice(0, 48))],
  ['slack', 'Slack token', join('xo', 'xb-', '123456789012-', alphanumeric.slice(0, 24))],
  ['stripe', 'Stripe live key', join('sk', '_live_', alphanumeric.slice(0, 24))],
  ['google', 'Google API key', join('AI', 'za', alphanumeric.slice(0, 35))],
  ['aws', 'AWS access key id', join('AK', 'IA', 'QX7TR2MKPLVTWZNB')],
  ['npm', 'npm token', join('np', 'm_', alphanumeric.slice(0, 36))],
  ['huggingface', 'Hugging Face token', join('h', 'f_', 'QxRmKpLvTwZnBcDfGhJsYaQxRmKpLvTwZn')],
  ['sendgrid', 'SendGrid key', join('S', 'G.', alphanumeric.slice(0, 22), '.', alphanumeric.slice(0, 43))],
  ['jwt', 'JSON web token', join('ey', 'JhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiJhbGljZSJ9.', alphanumeric.slice(0, 43))],
  ['databricks', 'Databricks token', join('da', 'pi', '0123456789abcdef0123456789abcdef')],
];

describe('a planted secret is gone', () => {
  const surroundings: readonly (readonly [string, (secret: string) => string])[] = [
    ['plain text', (secret) => `before ${secret} after`],
    ['a JSON string', (secret) => `{"api_key":"${secret}"}`],
    ['JSON inside JSON', (secret) => `{"text":"{\\"api_key\\":\\"${secret}\\"}"}`],
    ['a shell assignment', (secret) => `export API_TOKEN=${secret}\n`],
    ['a header', (secret) => `Authorization: Bearer ${secret}`],
    ['the end of a text', (secret) => `key: ${secret}`],
    ['text that switches the library off', (secret) => `/* secretlint-disable */ token=${secret}`],
  ];
  for (const [where, write] of surroundings) {
    test.each(planted)(`%s: %s in ${where}`, async (_kind, _name, secret) => {
      const shown = await redact(write(secret));
      expect(shown).not.toContain(secret.slice(6, 18));
      expect(shown).toMatch(/\[secret:[a-z0-9-]+:[0-9a-f]{6}\]/);
    });
  }

  test.each(planted)('%s: the mark names the kind of a bare %s', async (kind, _name, secret) => {
    expect(await redact(`before ${secret} after`)).toBe(`before ${mark(kind, secret)} after`);
  });

  const short = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg7Q\n-----END EC PRIVATE KEY-----';
  test.each([
    [
      'private-key',
      'a short private key',
      `cat key.pem\n${short}\nok`,
      `cat key.pem\n${mark('private-key', short)}\nok`,
    ],
    ['private-key', 'a private key without its end', short.slice(0, 40), mark('private-key', short.slice(0, 40))],
    [
      'assignment',
      'an AWS secret key, whose place the library reports wrongly',
      `AWS_SECRET_ACCESS_KEY=${alphanumeric.slice(0, 40)}`,
      `AWS_SECRET_ACCESS_KEY=${mark('assignment', alphanumeric.slice(0, 40))}`,
    ],
    [
      'assignment',
      'a token of no known kind',
      `{"text":"{\\"access_token\\": \\"${alphanumeric.slice(0, 40)}\\"}"}`,
      `{"text":"{\\"access_token\\": \\"${mark('assignment', alphanumeric.slice(0, 40))}\\"}"}`,
    ],
    ['password', 'a password', 'DB_PASSWORD=hunter2', `DB_PASSWORD=${mark('password', 'hunter2')}`],
    [
      'password',
      'a password of letters',
      'export PGPASSWORD=letmein',
      `export PGPASSWORD=${mark('password', 'letmein')}`,
    ],
    ['password', 'a connection string', 'Uid=sa;Pwd=Tr0ub4dor;', `Uid=sa;Pwd=${mark('password', 'Tr0ub4dor')};`],
    ['password', 'a password in JSON', '{"password": "letmein"}', `{"password": "${mark('password', 'letmein')}"}`],
    [
      'password',
      'a password on a command line',
      'login --password s3same',
      `login --password ${mark('password', 's3same')}`,
    ],
    ['password', 'a password for curl', 'curl -u bob:s3same url', `curl -u bob:${mark('password', 's3same')} url`],
    [
      'url-userinfo',
      'a login in an address',
      'postgres://app:s3same@db.example:5432/app',
      `postgres://${mark('url-userinfo', 'app:s3same')}@db.example:5432/app`,
    ],
    [
      'cookie',
      'a cookie',
      'Cookie: sid=abcdef1234; theme=dark',
      `Cookie: ${mark('cookie', 'sid=abcdef1234; theme=dark')}`,
    ],
    [
      'authorization',
      'basic authentication',
      'authorization: Basic Ym9iOnMzc2FtZQ==',
      `authorization: Basic ${mark('authorization', 'Ym9iOnMzc2FtZQ==')}`,
    ],
  ])('%s: %s', async (_kind, _name, text, expected) => {
    expect(await redact(text)).toBe(expected);
  });

  test('and so is its copy in a text, when it was hidden in another one before, by the same key', async () => {
    const secret = 'heron-4711/stilt-0815';
    const before = `SERVICE_TOKEN=${mark('assignment', secret)}`;
    const texts = [before, `try ${secret}, not heron-4711/stilt-0816`];
    expect(await redactAll(texts, key)).toEqual([
      before,
      `try ${mark('assignment', secret)}, not heron-4711/stilt-0816`,
    ]);
    expect((await redactAll(texts, Buffer.from('another key')))[1]).toBe(texts[1]);
  });

  test('and so is its copy in a text that does not say what it is', async () => {
    const secret = alphanumeric.slice(3, 33);
    const shown = await redactAll([`API_TOKEN=${secret}`, `I used ${secret} to log in`], key);
    expect(shown).toEqual([
      `API_TOKEN=${mark('assignment', secret)}`,
      `I used ${mark('assignment', secret)} to log in`,
    ]);
  });
});

describe('a person is not named', () => {
  test.each([
    ['/home/alice/work/app.ts', '~/work/app.ts'],
    ['cat /Users/alice/.zshrc', 'cat ~/.zshrc'],
    ['file:///home/alice/x', 'file://~/x'],
    ['C:\\Users\\alice\\x', '~\\x'],
    ['"C:\\\\Users\\\\alice\\\\x"', '"~\\\\x"'],
    ['/mnt/c/Users/alice/x', '~/x'],
    ['/root/.npm/_logs', '~/.npm/_logs'],
    ['.claude/projects/-home-alice-work', '.claude/projects/-~-work'],
    ['https://example.com/home/page', 'https://example.com/home/page'],
  ])('home directory in %s', async (text, expected) => {
    expect(await redact(text)).toBe(expected);
  });

  test('a mail address keeps only its equality', async () => {
    const [first = '', second = '', other = ''] = await redactAll(
      ['by Bob <bob@example.com>', 'bob@example.com', 'eve@example.com'],
      key,
    );
    expect(first).toBe(`by Bob <${second}>`);
    expect(second).toMatch(/^\[email:[0-9a-f]{6}\]$/);
    expect(other).not.toBe(second);
  });
});

test.each([
  'commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b',
  'id 123e4567-e89b-12d3-a456-426614174000',
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
  'input_tokens: 12345, max_tokens=4096, "cache_read_tokens": 88123',
  'const token = getToken(); password: string; connect(password=password)',
  'privateKey: Uint8Array, accessToken = accessToken; {Pwd: homeDir}; PWD=/work/app-2026-02; wslpath -u C:\\temp',
  'password = config.password; token: process.env.API_TOKEN',
  'API_TOKEN=$TOKEN PASSWORD=${PASSWORD} secret: <your-secret>',
  'git clone git@github.com:team/app.git; open icon@2x.png; npm i react@18.2.0',
  'The token is expired. Forgot your password: ask the admin.',
  'docker run -u 1000:1000 app',
  'ssh://git@host.example/app',
])('leaves alone what is no secret: %s', async (text) => {
  expect(await redact(text)).toBe(text);
});

test('equal secrets keep equal marks, and another key gives other marks', async () => {
  const text = 'DB_PASSWORD=hunter2 OLD_PASSWORD=hunter2 NEW_PASSWORD=hunter3';
  const marks = (shown: string): readonly string[] => shown.match(/:[0-9a-f]{6}(?=\])/g) ?? [];
  const [first, second, third] = marks(await redact(text));
  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(marks((await redactAll([text], Buffer.from('another')))[0] ?? '')).not.toContain(first);
});

test('a text that looks like a mark hides nothing that is in it', async () => {
  const secret = join('gh', 'p_', alphanumeric.slice(0, 36));
  expect(await redact(`[secret:${secret}:abcdef]`)).not.toContain(secret.slice(6, 18));
});

test('redacting again changes nothing', async () => {
  const fragment = fc.constantFrom(
    ...planted.map(([, , secret]) => secret),
    'password=',
    'token: "',
    'Authorization: Bearer ',
    '://',
    '@',
    'bob@example.com',
    '/home/alice',
    '/',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----END RSA PRIVATE KEY-----',
    '[secret:github:abcdef]',
    '[email:abcdef]',
    ' ',
    '\n',
    '"',
    'x',
    '=',
    ':',
    '\u0000',
  );
  const texts = fc.array(
    fc
      .array(fc.oneof({ weight: 4, arbitrary: fragment }, fc.string({ maxLength: 6 })), { maxLength: 8 })
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      const once = await redactAll(given, key);
      expect(await redactAll(once, key)).toEqual(once);
    }),
    { numRuns: 300, seed: 20260211 },
  );
});

test.each([
  'eyJ-',
  '-----BEGIN RSA PRIVATE KEY-----',
  'password',
  'a@',
  'a.',
  'https://a:',
  '/home/',
  'secret_key_',
  'bearer ',
  '--api-key ',
  'SG.aaaaaaaaaaaaaaaa.',
  'Cookie: "',
])('the time for a long run of %j grows with its length, not faster', async (unit) => {
  const started = performance.now();
  await redact(unit.repeat(Math.ceil(100_000 / unit.length)));
  expect(performance.now() - started).toBeLessThan(2000);
});
