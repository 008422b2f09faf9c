import { never } from '../../core/errors.ts';
import { asBoolean, asNumber, asObject, asText, type Json, type JsonObject } from '../../core/json.ts';
import { wellFormed } from '../../core/text.ts';
import type { Failure, FailureKind, WaitHeaders } from './provider.ts';
import { WireError, type WireReason } from './wire.ts';

/** What a failure's message may need to say. */
export interface Service {
  readonly host: string;
  readonly model: string;
  /** The variable that holds the key. */
  readonly keyVariable: string;
  /** Null where the server wants none; only to keep it out of messages. */
  readonly key: string | null;
}

/** The failure behind what a client library threw; anything that no wire error explains is thrown on. */
export function failureOf(error: unknown, service: Service, signal: AbortSignal): Failure {
  if (signal.aborted) return noAnswer('cancelled', service);
  const wire = wireErrorIn(error);
  if (wire === null) throw error;
  return wire.reason === null ? refusal(wire, service) : noAnswer(wire.reason, service);
}

/** An answer with status 200 that holds an error, or nothing that can be read. */
export function brokenAnswer(body: Json, text: string, service: Service): Failure {
  const error = errorIn(body);
  if (error === null) {
    const what = /^\s*</.test(text) ? 'a web page' : 'something that is no answer of a model';
    return failure('transient', 200, { message: `${service.host} answered with ${what}.` });
  }
  const status = asNumber(error['code']) ?? asNumber(error['status']) ?? statusOfType.get(asText(error['type']) ?? '');
  const body200 = JSON.stringify({ error });
  return refusal(new WireError(null, status ?? 500, new Headers(), body200), service);
}

/** Where only a name says which status the error would have had. */
const statusOfType: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['overloaded_error', 529],
]);

/** The client libraries wrap what `fetch` throws. */
function wireErrorIn(error: unknown): WireError | null {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof WireError) return current;
    current = current.cause;
  }
  return null;
}

function noAnswer(reason: WireReason, { host }: Service): Failure {
  switch (reason) {
    case 'cancelled':
      return failure('cancelled', null, { message: 'The request was cancelled.' });
    case 'other_host':
      return failure('config', null, { message: `${host} sends requests on to another host.` });
    case 'certificate':
      return failure('config', null, {
        message: `The certificate of ${host} cannot be checked.`,
        hint: 'Name a file with the certificate authority in NODE_EXTRA_CA_CERTS.',
      });
    case 'too_large':
      return failure('permanent', null, { message: `The answer of ${host} is too large.` });
    case 'silent':
      return failure('transient', null, { message: `${host} took too long to answer.` });
    case 'no_answer':
      return failure('transient', null, { message: `${host} cannot be reached, or broke the connection.` });
    default:
      return never(reason);
  }
}

function refusal(error: WireError, service: Service): Failure {
  const status = error.status ?? 500;
  const said = saidIn(error.body, service.key);
  const { kind, hint, own } = verdictOn(status, said, service);
  const message = own ?? `${service.host} refused the request (${status}${said.text === '' ? '' : `: ${said.text}`}).`;
  return {
    ...failure(kind, status, { message, hint }),
    requestId: error.headers.get('request-id') ?? error.headers.get('x-request-id'),
    wait: waitHeaders(error.headers),
  };
}

interface Ruling {
  readonly kind: FailureKind;
  readonly own: string | null;
  readonly hint: string | null;
}

/** The table of judge.md 3.11. */
function verdictOn(status: number, said: Said, { host, model, keyVariable }: Service): Ruling {
  const ruling = (kind: FailureKind, own: string | null = null, hint: string | null = null): Ruling => ({
    kind,
    own,
    hint,
  });
  if (status === 402 || (status >= 400 && status < 500 && noCredit.test(said.all))) {
    return ruling('config', `${host} says that the account of ${keyVariable} has no credit left.`, 'Top it up there.');
  }
  if (status >= 300 && status < 400) {
    return ruling('config', `${host} redirects to another address.`, 'Give the final address as --base-url.');
  }
  if (status === 401)
    return ruling('config', `${host} does not accept the key in ${keyVariable} (401).`, keyHint(host));
  if (status === 403)
    return ruling('config', `${host} forbids this with the key in ${keyVariable} (403).`, keyHint(host));
  if (status === 404)
    return ruling('config', `${host} knows no model "${model}" (404).`, 'Check --model and --base-url.');
  if (status === 429) return ruling('limit');
  if (status === 413 || (status === 400 && tooLong.test(said.all))) return ruling('too_long');
  if (status === 408 || status === 409 || status >= 500) return ruling('transient');
  return ruling('permanent');
}

const noCredit = /credit balance|insufficient[_ ](?:quota|funds|balance|credit)|exceeded your current quota/i;
const tooLong =
  /too long|context[_ ]length|maximum context|context window|exceeds? the (?:maximum|context)|too many tokens/i;

function keyHint(host: string): string {
  return `Make sure that it is a key of ${host} and still valid.`;
}

interface Said {
  /** The message, at most 200 characters. */
  readonly text: string;
  /** Message, type and code. */
  readonly all: string;
}

const MESSAGE_LENGTH = 200;

function saidIn(body: string, key: string | null): Said {
  const error = errorIn(parsed(body));
  const message = error === null ? body.replaceAll(/<[^<>]*>/g, ' ') : (asText(error['message']) ?? '');
  const all = [message, asText(error?.['type']), asText(error?.['code'])].join(' ');
  const line = wellFormed(withoutKey(message, key)).text.replaceAll(/\s+/g, ' ').trim();
  return { text: line.slice(0, MESSAGE_LENGTH), all };
}

/** Some services repeat the key, whole or with its middle starred out. */
function withoutKey(text: string, key: string | null): string {
  const bare = key === null || key === '' ? text : text.replaceAll(key, '[key]');
  return bare.replaceAll(/\b(?:sk|key|pk)-[\w*.-]{6,}/g, '[key]');
}

/** `{error: {...}}`, `{error: "text"}`, `{type: "error", error: {...}}`, `{object: "error", message}`. */
function errorIn(body: Json): JsonObject | null {
  const whole = asObject(body);
  const error = whole?.['error'];
  const text = asText(error);
  if (text !== null) return { message: text };
  return asObject(error) ?? (whole?.['object'] === 'error' ? whole : null);
}

export function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function waitHeaders(headers: Headers): WaitHeaders {
  return {
    retryAfter: headers.get('retry-after'),
    retryAfterMs: headers.get('retry-after-ms'),
    shouldRetry: asBoolean(parsed(headers.get('x-should-retry') ?? '')),
  };
}

export function failure(
  kind: FailureKind,
  httpStatus: number | null,
  { message, hint = null }: { readonly message: string; readonly hint?: string | null },
): Failure {
  const wait = { retryAfter: null, retryAfterMs: null, shouldRetry: null };
  return { status: 'failure', kind, httpStatus, message, hint, requestId: null, wait };
}
