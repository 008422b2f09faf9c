import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { baseUrlOf } from '../../../src/judge/providers/base-url.ts';
import { scratch } from '../../helpers/scratch.ts';
import { completion, message, startServer, type Scripted } from '../helpers/server.ts';
import { openTestProvider, patient, testRequest } from '../helpers/providers.ts';

const services = ['anthropic', 'openai', 'openai-compatible'] as const;

describe.each(services)('%s', (name) => {
  test.each<[string, Scripted]>([
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html><body>Sign in</body></html>' }],
    ['half of a JSON text', { body: '{"content": [' }],
    ['an empty body', { body: '' }],
    ['another JSON document', { body: '[1, 2]' }],
    ['a broken connection', { reset: true }],
  ])('%s with status 200 is worth another try', async (_what, scripted) => {
    const server = await startServer(() => scripted);
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ status: 'failure', kind: 'transient' });
  });

  test('a small packed answer that unpacks into 60 MB is refused at 5 MB (T21)', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, ' '));
    const server = await startServer(() => ({ headers: { 'content-encoding': 'gzip' }, body: bomb }));
    const before = process.memoryUsage().arrayBuffers;
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ kind: 'permanent', message: expect.stringMatching(/too large/) });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
  });

  test('a packed answer of the usual size is unpacked', async () => {
    const scripted = name === 'anthropic' ? message('{}') : completion('{}');
    const body = gzipSync(Buffer.from(scripted.body ?? ''));
    const server = await startServer(() => ({ headers: { 'content-encoding': 'gzip' }, body }));
    const reply = await (
      await openTestProvider(name === 'anthropic' ? name : 'openai', server.url)
    ).ask(testRequest, patient);
    expect(reply).toMatchObject({ status: 'answer', text: '{}' });
  });

  test.each<[string, Scripted]>([
    ['never begins', { ...message('{}'), delayMs: 5000 }],
    ['stops in its middle', { ...message('{}'), hang: true }],
    ['drips byte by byte', { ...message('{}'), dripMs: 40 }],
  ])('an answer that %s is given up (T21)', async (_what, scripted) => {
    const server = await startServer(() => scripted);
    const limits = { firstByteMs: 300, idleMs: 200, bodyMs: 500 };
    const started = performance.now();
    const reply = await (await openTestProvider(name, server.url, limits)).ask(testRequest, patient);
    expect(reply).toMatchObject({ kind: 'transient', httpStatus: null, message: expect.stringMatching(/too long/) });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('a redirect is not followed: the transcript stays with the host that was agreed on (T18)', async () => {
    const other = await startServer(() => message('{}'));
    const server = await startServer(() => ({ status: 307, headers: { location: `${other.url}/v1/messages` } }));
    const reply = await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(reply).toMatchObject({ kind: 'config', message: expect.stringMatching(/redirects/) });
    expect(other.log).toEqual([]);
  });

  test('a request that the caller gives up is cancelled', async () => {
    const server = await startServer(() => ({ ...message('{}'), delayMs: 5000 }));
    const controller = new AbortController();
    const asked = (await openTestProvider(name, server.url)).ask(testRequest, controller.signal);
    setTimeout(() => controller.abort(), 50);
    expect(await asked).toMatchObject({ kind: 'cancelled' });
  });

  test('the environment decides neither about the host, nor about headers, nor about logs (T18, T44)', async () => {
    const evil = await startServer(() => message('{}'));
    for (const library of ['ANTHROPIC', 'OPENAI']) {
      vi.stubEnv(`${library}_BASE_URL`, evil.url);
      vi.stubEnv(`${library}_CUSTOM_HEADERS`, 'x-api-key: stolen\nauthorization: Bearer stolen\nx-evil: 1');
      vi.stubEnv(`${library}_LOG`, 'debug');
      vi.stubEnv(`${library}_AUTH_TOKEN`, 'stolen');
    }
    vi.stubEnv('HTTP_PROXY', evil.url);
    vi.stubEnv('HTTPS_PROXY', evil.url);
    vi.stubEnv('OPENAI_ORG_ID', 'stolen');
    const written = (['log', 'debug', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    const server = await startServer(() => (name === 'anthropic' ? message('{}') : completion('{}')));
    await (await openTestProvider(name, server.url)).ask(testRequest, patient);
    expect(evil.log).toEqual([]);
    expect(server.log).toHaveLength(1);
    expect(JSON.stringify(server.log[0]?.headers)).not.toMatch(/stolen|evil/);
    expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });
});

test('a certificate that nobody vouches for is refused, and the message says what to do (T19)', async () => {
  const folder = scratch();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2'];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const reply = await (
    await openTestProvider('openai-compatible', `https://127.0.0.1:${port}`)
  ).ask(testRequest, patient);
  expect(reply).toMatchObject({ kind: 'config', hint: expect.stringMatching(/NODE_EXTRA_CA_CERTS/) });
});

test('a host that nobody answers at is worth another try', async () => {
  const server = await startServer(() => message('{}'));
  await server.close();
  const reply = await (await openTestProvider('anthropic', server.url)).ask(testRequest, patient);
  expect(reply).toMatchObject({
    kind: 'transient',
    httpStatus: null,
    message: expect.stringMatching(/cannot be reached/),
  });
});

describe('the address', () => {
  test.each([
    ['anthropic', null, 'https://api.anthropic.com/'],
    ['openai', null, 'https://api.openai.com/v1'],
    ['openai-compatible', 'http://localhost:11434/v1', 'http://localhost:11434/v1'],
    ['openai-compatible', 'http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1'],
    ['openai-compatible', 'http://[::1]:8000/v1', 'http://[::1]:8000/v1'],
    ['anthropic', 'https://gateway.example/anthropic', 'https://gateway.example/anthropic'],
  ] as const)('of %s with %s is %s', (name, given, expected) => {
    expect(baseUrlOf(name, given).href).toBe(expected);
  });

  test.each([
    [null, /Expected --base-url: the address/],
    ['localhost:11434', /such as https/],
    ['ftp://host/v1', /such as https/],
    ['http://gateway.example/v1', /not this machine/],
    ['http://localhost.evil.example/v1', /not this machine/],
    ['http://127.0.0.1.evil.example/v1', /not this machine/],
    ['https://me:secret@gateway.example/v1', /without user/],
    ['https://gateway.example/v1?key=1', /without user/],
  ] as const)('%s is refused (T19)', (given, expected) => {
    expect(() => baseUrlOf('openai-compatible', given)).toThrow(expected);
  });
});
