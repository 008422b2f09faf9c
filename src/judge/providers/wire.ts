import { errnoOf, messageOf } from '../../core/errors.ts';

/** What every request of a provider has in common. */
export interface Wire {
  readonly baseUrl: URL;
  /** The only headers with a key in them; the client libraries never see it. */
  readonly authorization: Readonly<Record<string, string>>;
  readonly limits: WireLimits;
}

export interface WireLimits {
  /** Milliseconds until the first byte of the answer. */
  readonly firstByteMs: number;
  /** Milliseconds between two pieces of it. */
  readonly idleMs: number;
  /** Milliseconds for the whole of it, so that a server that drips cannot hold a run. */
  readonly bodyMs: number;
  readonly bytes: number;
  /** For the collected answers of a batch. */
  readonly batchBytes: number;
}

export const usualLimits: WireLimits = {
  firstByteMs: 300_000,
  idleMs: 60_000,
  bodyMs: 600_000,
  bytes: 5_000_000,
  batchBytes: 256_000_000,
};

/** An answer that is none: a status other than 2xx, or no whole answer at all (`status` null). */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number | null;
  readonly headers: Headers;
  readonly body: string;
  /** Why there is no answer; null when there is one. */
  readonly reason: WireReason | null;

  constructor(reason: WireReason | null, status: number | null, headers: Headers, body: string) {
    super(reason ?? `status ${String(status)}`);
    this.reason = reason;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

export type WireReason = 'no_answer' | 'silent' | 'too_large' | 'other_host' | 'certificate' | 'cancelled';

/** All that leaves of what a client library wants to say: no header from the environment, nothing about this machine. */
const sentHeaders = ['accept', 'anthropic-version', 'anthropic-beta', 'content-type'];

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for the client libraries that talks to one host only, follows no redirect, adds the key itself, and hands over
 * whole bodies of bounded size and time. Everything but a 2xx answer is thrown as a WireError.
 */
export function wireFetch(wire: Wire): Fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== wire.baseUrl.origin) throw new WireError('other_host', null, new Headers(), '');
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    init.signal?.addEventListener('abort', stop, { once: true });
    try {
      return await exchange(url, { ...init, headers: ownHeaders(init.headers, wire) }, controller, wire.limits);
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError(init.signal?.aborted === true ? 'cancelled' : reasonOf(error), null, new Headers(), '');
    } finally {
      init.signal?.removeEventListener('abort', stop);
      controller.abort();
    }
  };
}

/** A signal for one request: the client libraries never take their listeners off the one that they are given. */
export function ownSignal(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}

function ownHeaders(wanted: RequestInit['headers'], wire: Wire): Headers {
  const given = new Headers(wanted);
  const headers = new Headers({ ...wire.authorization, 'user-agent': 'sesh' });
  for (const name of sentHeaders) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

async function exchange(
  url: URL,
  init: RequestInit,
  controller: AbortController,
  limits: WireLimits,
): Promise<Response> {
  const request = { ...init, signal: controller.signal, redirect: 'manual' as const };
  const response = await within(limits.firstByteMs, () => fetch(url, request));
  const isBatch = /\/(results|content)$/.test(url.pathname);
  const body = await wholeBody(response, limits, isBatch ? limits.batchBytes : limits.bytes);
  const { status, headers } = response;
  if (!response.ok) throw new WireError(null, status, headers, new TextDecoder().decode(body));
  // The body is unpacked by now, so what it said about its packing would mislead.
  const rest = new Headers(headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) rest.delete(name);
  return new Response(body, { status, headers: rest });
}

/** Reads the body piece by piece and unpacked, so that a small packed one cannot become a large one in memory. */
async function wholeBody(response: Response, limits: WireLimits, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const deadline = performance.now() + limits.bodyMs;
  const reader = response.body?.getReader();
  for (;;) {
    const left_ms = Math.min(limits.idleMs, deadline - performance.now());
    const piece = await within(left_ms, async () => await reader?.read());
    if (piece === undefined || piece.done) break;
    size += piece.value.length;
    if (size > most) throw new WireError('too_large', response.status, response.headers, '');
    pieces.push(piece.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function within<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new WireError('silent', null, new Headers(), '')), Math.max(0, ms));
  });
  try {
    return await Promise.race([work(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

const certificateCodes =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_CERT_ALTNAME_INVALID)/;

function reasonOf(error: unknown): WireReason {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return certificateCodes.test(errnoOf(cause) ?? messageOf(cause)) ? 'certificate' : 'no_answer';
}
