import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { asObject, type Json, type JsonObject } from '../../../src/core/json.ts';

/** One request as the server got it: its own log, which no client can embellish. */
export interface Seen {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: JsonObject;
}

export interface Scripted {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds before the headers, and between halves of the body. */
  readonly delayMs?: number;
  readonly dripMs?: number;
  /** Breaks the connection in place of an answer. */
  readonly reset?: true;
  /** Sends headers and the beginning of a body, and nothing more. */
  readonly hang?: true;
}

/** What to answer to the `n`-th request, from 1. */
export type Script = (seen: Seen, n: number) => Scripted | Promise<Scripted>;

export interface FakeServer {
  /** `http://127.0.0.1:PORT`, no slash at its end. */
  readonly url: string;
  readonly log: readonly Seen[];
  readonly close: () => Promise<void>;
}

/** A server on a free port of this machine that answers as it is told. The test that starts it ends it. */
export async function startServer(script: Script, now: () => number = Date.now): Promise<FakeServer> {
  const server = await openServer(script, now);
  onTestFinished(server.close);
  return server;
}

/** The same for whoever closes it. */
export async function openServer(script: Script, now: () => number = Date.now): Promise<FakeServer> {
  const log: Seen[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, async (seen) => {
      log.push(seen);
      return await script(seen, log.length);
    });
  });
  const answer = async (
    request: IncomingMessage,
    response: ServerResponse,
    decide: (seen: Seen) => Promise<Scripted>,
  ): Promise<void> => {
    const text = await bodyOf(request);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const seen = {
      atMs: now(),
      method: request.method ?? '',
      path: request.url ?? '',
      headers,
      text,
      json: jsonOf(text),
    };
    await reply(response, await decide(seen));
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `http://127.0.0.1:${portOf(server.address())}`, log, close };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('Expected a port');
  return address.port;
}

async function reply(response: ServerResponse, scripted: Scripted): Promise<void> {
  if (scripted.delayMs !== undefined) await sleep(scripted.delayMs);
  if (scripted.reset === true) {
    response.socket?.destroy();
    return;
  }
  const body = typeof scripted.body === 'string' ? Buffer.from(scripted.body) : (scripted.body ?? new Uint8Array());
  response.writeHead(scripted.status ?? 200, { 'content-type': 'application/json', ...scripted.headers });
  const half = Math.ceil(body.length / 2);
  if (scripted.hang === true) {
    response.write(body.subarray(0, half));
  } else if (scripted.dripMs === undefined) {
    response.end(body);
  } else {
    for (const byte of body) {
      if (response.destroyed) return;
      response.write(Buffer.from([byte]));
      await sleep(scripted.dripMs);
    }
    response.end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

function jsonOf(text: string): JsonObject {
  try {
    const json: Json = JSON.parse(text);
    return asObject(json) ?? {};
  } catch {
    return {};
  }
}

interface Says {
  readonly model?: string;
  readonly stop?: string;
  readonly usage?: JsonObject | null;
}

/** A message as Anthropic's service answers: 900 tokens in, 100 out. */
export function message(text: string, says: Says = {}): Scripted {
  const usage = says.usage ?? {
    input_tokens: 900,
    output_tokens: 100,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  const body = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: says.model ?? 'claude-test-1',
    content: [{ type: 'text', text }],
    stop_reason: says.stop ?? 'end_turn',
    usage,
  };
  return { headers: { 'request-id': 'req_1' }, body: JSON.stringify(body) };
}

/** A chat completion as OpenAI's service answers: 900 tokens in, 100 out. `usage: null` leaves it out. */
export function completion(text: string, says: Says = {}): Scripted {
  const usage = says.usage === undefined ? { prompt_tokens: 900, completion_tokens: 100 } : says.usage;
  const body = {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: says.model ?? 'gpt-test-1',
    choices: [{ index: 0, finish_reason: says.stop ?? 'stop', message: { role: 'assistant', content: text } }],
    ...(usage === null ? {} : { usage }),
  };
  return { headers: { 'x-request-id': 'req_1' }, body: JSON.stringify(body) };
}

/** An error in the form of either service. */
export function refusal(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Scripted {
  const body = { type: 'error', error: { type: 'invalid_request_error', message: text } };
  return { status, headers, body: JSON.stringify(body) };
}
