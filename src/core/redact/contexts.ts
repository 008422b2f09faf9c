import type { SecretKind } from './kinds.ts';
import { isPassword, isPlaceholder, isStrongToken, isToken, isUserInfo } from './values.ts';

/**
 * Secrets that can only be told by what stands around them. A pattern is tried where one of its words stands, never searched for, so
 * that its cost is bounded by its own length. The group named `value` is the secret; without it the whole match is.
 */
export interface ContextRule {
  readonly id: string;
  readonly kind: SecretKind;
  /** Words, in lower case, of at least three characters. */
  readonly words: readonly string[];
  readonly pattern: string;
  readonly flags?: 'i';
  /** How far before the word the pattern begins. */
  readonly back?: readonly number[];
  readonly accept?: (value: string, match: Readonly<Record<string, string | undefined>>) => boolean;
}

const notPlaceholder = (value: string): boolean => !isPlaceholder(value);

/** What stands between a name and its value, quoted, escaped (also twice) or plain. */
const value = String.raw`(?<value>(?<=["'\x60])[^\s"'\x60\\]{4,4096}|[^\s"'\x60,;&|<>()\\]{4,4096})(?<call>\()?`;
const assignment = String.raw`(?:\\{0,8}["'\]]){0,2}(?<space>[ \t]{0,3})(?:=>|:=|=|:)(?<gap>[ \t]{0,3})(?<quote>\\{0,8}["'\x60]?)${value}`;

/** A value before `(` is the name of a function. */
const written = (groups: Readonly<Record<string, string | undefined>>): boolean => groups['call'] === undefined;

const isQuoted = (groups: Readonly<Record<string, string | undefined>>): boolean => groups['quote'] !== '';

/** `hashedPassword`, `SecretStr`: a name in code, where no sign says that it is a value. */
const isIdentifier = (text: string): boolean => /^[A-Za-z_$]*[a-z][A-Z][A-Za-z_$]*$/.test(text);

const keys: readonly ContextRule[] = [
  {
    id: 'private-key',
    kind: 'private-key',
    words: ['-----begin'],
    // A quote may end before the key does: then everything that still looks like a key goes.
    pattern: String.raw`-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^-]|-(?!----))*-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\:,.()-]*)`,
  },
  {
    id: 'putty-private-key',
    kind: 'private-key',
    words: ['private-lines:'],
    pattern: String.raw`private-lines: \d{1,4}(?:\\{0,2}[rn]|[\r\n])(?<value>[A-Za-z0-9+/=\s\\]{16,8192})`,
    flags: 'i',
  },
];

const headers: readonly ContextRule[] = [
  {
    id: 'authorization-scheme',
    kind: 'authorization',
    words: ['authorization'],
    pattern: String.raw`authorization\\{0,8}["']?\s{0,3}[:=]\s{0,3}\\{0,8}["']?(?:basic|bearer|bot|token|digest|negotiate|apikey)\s{1,4}(?<value>[^\s"'\x60,;\\]{6,4096})`,
    flags: 'i',
    accept: notPlaceholder,
  },
  {
    id: 'authorization',
    kind: 'authorization',
    words: ['authorization'],
    pattern: String.raw`authorization\\{0,8}["']?\s{0,3}[:=]\s{0,3}\\{0,8}["']?(?<value>[^\s"'\x60,;\\]{8,4096})`,
    flags: 'i',
    accept: isToken,
  },
  {
    id: 'bearer',
    kind: 'authorization',
    words: ['bearer'],
    pattern: String.raw`(?<![a-z])bearer\s{1,4}(?<value>[\w.~+/=-]{16,4096})`,
    flags: 'i',
    accept: isToken,
  },
  {
    id: 'cookie',
    kind: 'cookie',
    words: ['cookie'],
    pattern: String.raw`(?<![a-z])cookie\\{0,8}["']?\s{0,3}:\s{0,3}\\{0,8}["']?(?<value>[^\r\n"'\\]{8,4096})`,
    flags: 'i',
    accept: (text) => /^[^=\s]{1,128}=[^\s;]{4}/.test(text),
  },
];

const places: readonly ContextRule[] = [
  {
    id: 'url-userinfo',
    kind: 'url-userinfo',
    words: ['://'],
    pattern: String.raw`:\/\/(?<value>[^\s/?#"'\x60<>\\]{1,512})@`,
    accept: isUserInfo,
  },
  {
    id: 'signed-url',
    kind: 'url-userinfo',
    words: ['sig=', 'signature=', 'security-token='],
    pattern: String.raw`(?<=[?&](?:x-amz-|x-goog-|x-ms-)?)(?:sig|signature|security-token)=(?<value>[^\s&"'<>\\]{16,2048})`,
    flags: 'i',
  },
  {
    id: 'user-option',
    kind: 'password',
    words: ['-u ', '-u"', "-u'", '--user'],
    pattern: String.raw`(?<![\w-])(?:-u|--user)[\s=]?["']?[^\s:"']{1,128}:(?<value>[^\s"':]{3,256})`,
    accept: (text) => !/^(?:\d+$|[/\\])/.test(text) && notPlaceholder(text),
  },
  {
    id: 'slack-webhook',
    kind: 'slack',
    words: ['hooks.slack.com/'],
    pattern: String.raw`hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<value>[A-Za-z0-9/]{10,255})`,
    flags: 'i',
  },
  {
    id: 'discord-webhook',
    kind: 'discord',
    words: ['/api/webhooks/'],
    pattern: String.raw`\/api\/webhooks\/\d{15,20}\/(?<value>[\w-]{30,80})`,
  },
  {
    id: 'microsoft-teams-webhook',
    kind: 'microsoft-teams',
    words: ['webhook.office.com/'],
    pattern: String.raw`webhook\.office\.com\/webhookb2\/(?<value>[\w@/-]{40,300})`,
    flags: 'i',
  },
  {
    id: 'telegram-bot',
    kind: 'telegram',
    words: [':aa'],
    back: [8, 9, 10],
    pattern: String.raw`(?<!\d)\d{8,10}:AA[\w-]{30,64}`,
  },
  {
    id: 'mailchimp',
    kind: 'mailchimp',
    words: ['-us'],
    back: [32],
    pattern: String.raw`(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}(?!\w)`,
  },
  {
    id: 'azure-client-secret',
    kind: 'azure',
    words: Array.from('0123456789', (digit) => `${digit}q~`),
    back: [3],
    pattern: String.raw`(?<![A-Za-z0-9_~.])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])`,
  },
  {
    id: 'discord-bot',
    kind: 'discord',
    words: ['bot '],
    pattern: String.raw`(?<![a-z])bot (?<value>[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40})`,
    flags: 'i',
  },
];

const suffixes = String.raw`s?(?:[_-]?(?:access|key|base|value|prod|live|test|dev|id|string|hash|\d{1,3})){0,3}`;

/** Vendors whose keys look like any other text; a name of theirs before an assignment says what the value is. */
const vendors = [
  'adafruit',
  'adobe',
  'algolia',
  'asana',
  'beamer',
  'bitbucket',
  'bittrex',
  'codecov',
  'cohere',
  'coinbase',
  'confluent',
  'datadog',
  'dd_api',
  'droneci',
  'dropbox',
  'etsy',
  'fastly',
  'finicity',
  'finnhub',
  'flickr',
  'freshbooks',
  'gocardless',
  'hubspot',
  'intercom',
  'jfrog',
  'kraken',
  'kucoin',
  'launchdarkly',
  'looker',
  'mapbox',
  'mattermost',
  'meraki',
  'messagebird',
  'newrelic',
  'nytimes',
  'okta',
  'pagerduty',
  'plaid',
  'rapidapi',
  'sendbird',
  'snyk',
  'squarespace',
  'sumologic',
  'travis',
  'trello',
  'twitch',
  'twitter',
  'wandb',
  'zendesk',
];

const assignments: readonly ContextRule[] = [
  {
    id: 'password',
    kind: 'password',
    words: ['password', 'passwd', 'passphrase', 'passwort'],
    pattern: `(?<!1)(?:password|passwd|passphrase|passwort)(?:[_-]?\\d{1,3})?${assignment}`,
    flags: 'i',
    accept: (text, groups) =>
      written(groups) &&
      (isQuoted(groups) || groups['gap'] === '' || !isIdentifier(text)) &&
      isPassword(text, isQuoted(groups) || groups['space'] === ''),
  },
  {
    id: 'pass-or-pwd',
    kind: 'password',
    words: ['pass', 'pwd'],
    // Also the shell's working directory.
    pattern: `(?<![a-z])(?:pass|pwd)${assignment}`,
    flags: 'i',
    accept: (text, groups) =>
      written(groups) && (isQuoted(groups) || groups['gap'] === '') && !/^[/~.\\]/.test(text) && isToken(text),
  },
  {
    id: 'assignment',
    kind: 'assignment',
    words: [
      'secret',
      'token',
      'api_key',
      'api-key',
      'apikey',
      'access_key',
      'access-key',
      'accesskey',
      'private_key',
      'private-key',
      'privatekey',
      'account_key',
      'account-key',
      'accountkey',
      'auth_key',
      'auth-key',
      'authkey',
      'signing_key',
      'signing-key',
      'signingkey',
      'encryption_key',
      'encryption-key',
      'encryptionkey',
      'credential',
    ],
    pattern: `(?:secret|token|(?:api|access|private|account|auth|signing|encryption)[_-]?key|credential)${suffixes}${assignment}`,
    flags: 'i',
    accept: (text, groups) => written(groups) && isToken(text),
  },
  {
    id: 'named-key',
    kind: 'assignment',
    words: ['_key', '-key', '_auth', '_pat', '_dsn', '_salt', '_cred', '_sas', ...vendors],
    pattern: `(?:[_-](?:key|auth|pat|dsn|salt|creds?|sas)|(?:${vendors.join('|')})[\\w.-]{0,30}?)${assignment}`,
    flags: 'i',
    accept: (text, groups) => written(groups) && isStrongToken(text),
  },
  {
    id: 'option',
    kind: 'password',
    words: ['password', 'passwd', 'passphrase', 'token', 'secret', 'api-key', 'apikey', 'access-key'],
    pattern: String.raw`(?<=--(?:[a-z]{1,20}-){0,2})(?:password|passwd|passphrase|token|secret|api-?key|access-?key)\s{1,3}["']?(?<value>[^\s"'\x60;&|<>()\\-][^\s"'\x60;&|<>()\\]{3,512})`,
    flags: 'i',
    accept: (text) => notPlaceholder(text) && !/^[a-z]+$/.test(text),
  },
];

export const contextRules: readonly ContextRule[] = [...keys, ...headers, ...places, ...assignments];
