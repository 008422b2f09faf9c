import type { Finding, SecretKind } from './kinds.ts';
import { isPassword, isPlaceholder, isToken } from './values.ts';

/**
 * What the detector library does not know, and shapes that a cut-off quote leaves of what it knows.
 * Every pattern is linear: each quantifier is bounded or runs over a class that nothing after it can match.
 * The group named `value` is the secret; without it the whole match is.
 */
interface SecretPattern {
  readonly kind: SecretKind;
  readonly pattern: RegExp;
  readonly accept?: (value: string, groups: Readonly<Record<string, string | undefined>>) => boolean;
}

const notPlaceholder = (value: string): boolean => !isPlaceholder(value);

const tokens: readonly SecretPattern[] = [
  { kind: 'github', pattern: /(?<![A-Za-z0-9])(?:gh[oprsu]_[A-Za-z0-9]{16,255}|github_pat_\w{16,255})/dg },
  { kind: 'gitlab', pattern: /(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt)-[\w-]{16,255}/dg },
  { kind: 'anthropic', pattern: /(?<![A-Za-z0-9])sk-ant-[\w-]{16,255}/dg },
  { kind: 'openai', pattern: /(?<![A-Za-z0-9])sk-(?!ant-)[\w-]{20,255}/dg, accept: isToken },
  { kind: 'slack', pattern: /(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,255}/dg },
  { kind: 'slack', pattern: /(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9/]{10,255}/dg },
  { kind: 'stripe', pattern: /(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,255}/dg },
  { kind: 'google', pattern: /(?<![\w+/-])AIza[\w-]{20,64}/dg },
  { kind: 'google', pattern: /(?<![A-Za-z0-9])(?:ya29\.|GOCSPX-)[\w-]{16,1024}/dg },
  { kind: 'aws', pattern: /(?<![A-Za-z0-9+/=])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{12,16}(?![A-Za-z0-9+/])/dg },
  { kind: 'npm', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{20,255}/dg },
  { kind: 'huggingface', pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{20,255}/dg },
  { kind: 'sendgrid', pattern: /(?<![A-Za-z0-9])SG\.[\w-]{16,64}\.[\w-]{1,128}/dg },
  { kind: 'telegram', pattern: /(?<!\d)\d{8,10}:AA[\w-]{30,64}/dg },
  { kind: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{8,1024}\.[\w-]{4,8192}(?:\.[\w-]{0,2048})?/dg },
];

const keys: SecretPattern = {
  kind: 'private-key',
  // A quote may end before the key does: then everything that still looks like a key goes.
  pattern:
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!----))*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\]*)/dg,
};

const headers: readonly SecretPattern[] = [
  {
    kind: 'authorization',
    pattern:
      /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:basic|bearer|token|digest|negotiate|apikey)\s{1,4}(?<value>[^\s"'`,;]{6,4096})/dgi,
    accept: notPlaceholder,
  },
  {
    kind: 'authorization',
    pattern: /authorization["']?\s{0,3}[:=]\s{0,3}["']?(?<value>[^\s"'`,;]{8,4096})/dgi,
    accept: isToken,
  },
  { kind: 'authorization', pattern: /(?<![a-z])bearer\s{1,4}(?<value>[\w.~+/=-]{16,4096})/dgi, accept: isToken },
  {
    kind: 'cookie',
    pattern: /(?<![a-z])(?:set-)?cookie["']?\s{0,3}:\s{0,3}["']?(?<value>[^\r\n"']{8,4096})/dgi,
    accept: (value) => value.includes('='),
  },
];

const places: readonly SecretPattern[] = [
  {
    kind: 'url-userinfo',
    pattern: /(?<=:\/\/)(?<value>[^\s/?#"'`<>]{1,512})@/dg,
    accept: isUserInfo,
  },
  {
    kind: 'url-userinfo',
    pattern:
      /[&?](?:sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature)=(?<value>[^\s&"'<>]{16,2048})/dgi,
  },
  {
    kind: 'password',
    pattern: /(?<![\w-])(?:-u|--user)[\s=]["']?[^\s:"']{1,128}:(?<value>[^\s"':]{3,256})/dg,
    accept: (value) => !/^(?:\d+$|[/\\])/.test(value) && notPlaceholder(value),
  },
];

/** What stands between a name and its value, quoted, escaped or plain; a value before `(` is the name of a function. */
const assignment = String.raw`(?:\\{0,3}["'\]]){0,2}(?<space>\s{0,3})(?:=>|:=|=|:)\s{0,3}(?<quote>\\{0,3}["'\x60]?)(?=(?<value>[^\s"'\x60,;&|<>()\\]{4,4096}))\k<value>(?!\()`;

const assignments: readonly SecretPattern[] = [
  {
    kind: 'password',
    pattern: new RegExp(`(?:password|passwd|passphrase)(?:[_-]?\\d{1,3})?${assignment}`, 'dgi'),
    accept: (value, groups) => isPassword(value, groups['quote'] !== '' || groups['space'] === ''),
  },
  {
    kind: 'password',
    // Also the shell's working directory.
    pattern: new RegExp(`(?<![a-z])pwd${assignment}`, 'dgi'),
    accept: (value) => !/^[/~.\\]/.test(value) && isToken(value),
  },
  {
    kind: 'assignment',
    pattern: new RegExp(
      `(?:secret|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|credential)s?(?:[_-]?(?:access|key|base|value|prod|live|test|dev|id|\\d{1,3})){0,3}${assignment}`,
      'dgi',
    ),
    accept: isToken,
  },
  {
    kind: 'password',
    pattern:
      /--(?:[a-z]{1,20}-){0,2}(?:password|passwd|passphrase|token|secret|api-?key|access-?key)\s{1,3}["']?(?<value>[^\s"'`;&|<>()-][^\s"'`;&|<>()]{3,512})/dgi,
    accept: notPlaceholder,
  },
];

const patterns: readonly SecretPattern[] = [keys, ...headers, ...places, ...tokens, ...assignments];

/** Secrets that our own patterns see in one text; findings may overlap. */
export function findByPattern(text: string): readonly Finding[] {
  return patterns.flatMap((secret) => findOne(text, secret));
}

function findOne(text: string, secret: SecretPattern): readonly Finding[] {
  return [...text.matchAll(secret.pattern)].flatMap((match) => {
    const range = match.indices?.groups?.['value'] ?? match.indices?.[0];
    if (range === undefined) return [];
    const [start, end] = range;
    if (secret.accept !== undefined && !secret.accept(text.slice(start, end), match.groups ?? {})) return [];
    return [{ start, end, kind: secret.kind }];
  });
}

/** `user:password` with something real in it, or one long name, which is a token. */
function isUserInfo(value: string): boolean {
  const colon = value.indexOf(':');
  if (colon === -1) return value.length >= 20;
  const password = value.slice(colon + 1);
  return password !== '' && !/^[<${%*]/.test(password);
}
