import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Secrets of every rule kind: real-shaped, invented, the same for the same seed, put together here so that no scanner takes a file for a leak. */

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const alnum = upper + lower + digits;
const hex = '0123456789abcdef';
const [rsa, pkcs8] = ['RSA PRIVATE', 'PRIVATE'];

export class Random {
  #state;
  constructor(seed) {
    this.#state = seed;
  }
  below(most) {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * most);
  }
  text(alphabet, length) {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }
}

/** The checksum that GitHub and npm put at the end of a token. */
function withChecksum(prefix, body) {
  let sum = checksum(body);
  let text = '';
  for (let place = 0; place < 6; place += 1) {
    text = (digits + upper + lower)[sum % 62] + text;
    sum = Math.floor(sum / 62);
  }
  return prefix + body + text;
}

/** CRC-32; `crc32` of Node came with 20.15. */
function checksum(text) {
  if (crc32 !== undefined) return crc32(text);
  let sum = ~0;
  for (const byte of Buffer.from(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const special = {
  github: (random) => withChecksum(['gh', 'p_'].join(''), random.text(alnum, 30)),
  npm: (random) => withChecksum(['np', 'm_'].join(''), random.text(alnum, 30)),
  jwt: (random) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: random.text(digits, 10), name: random.text(lower, 8) })}`;
    return `${body}.${createHmac('sha256', random.text(alnum, 16)).update(body).digest('base64url')}`;
  },
};

/** A text that the pattern of a token format takes in, chosen at random. */
function sampleOf(source, random) {
  let index = 0;
  const sequence = () => {
    const branches = [''];
    while (index < source.length && source[index] !== ')') {
      if (source[index] === '|') {
        branches.push('');
        index += 1;
        continue;
      }
      const make = atom();
      const times = repeats();
      branches[branches.length - 1] += Array.from({ length: times }, make).join('');
    }
    return branches[random.below(branches.length)];
  };
  const atom = () => {
    if (source[index] === '(') {
      const opening = /^\((?:\?(?:<?[=!]|:|<\w+>))?/.exec(source.slice(index))[0];
      index += opening.length;
      const inner = sequence();
      index += 1;
      return () => (/[=!]$/.test(opening) ? '' : inner);
    }
    if (source[index] === '[') {
      const end = source.indexOf(']', index + 2);
      const pattern = new RegExp(`^${source.slice(index, end + 1)}$`);
      index = end + 1;
      const members = [...Array.from(alnum), '-', '_', '+', '/', '=', '.', '%'].filter((member) =>
        pattern.test(member),
      );
      // What stands at an end is a letter or a digit in every real token.
      const plain = members.filter((member) => alnum.includes(member));
      return () => random.text(plain.length > 0 ? plain.join('') : members.join(''), 1);
    }
    if (source[index] === '\\') {
      const character = source[index + 1];
      index += 2;
      return () => (character === 'd' ? random.text(digits, 1) : character === 'w' ? random.text(alnum, 1) : character);
    }
    const character = source[index];
    index += 1;
    return () => character;
  };
  const repeats = () => {
    const match = /^(?:\{(\d+)(?:,(\d*))?\}|\?)/.exec(source.slice(index));
    if (match === null) return 1;
    index += match[0].length;
    if (match[0] === '?') return 0;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : Math.min(Number(match[2]), least + 60);
    // Least lengths stand for what a cut leaves; whole tokens are longer.
    return most - Math.floor((most - least) / 3);
  };
  return sequence();
}

/** Each rule that tells a token by its writing: `text` is the secret alone. */
export function tokensOf(formats, random) {
  return formats.flatMap(({ id, kind, starts, rest, entropy = 0 }) => {
    for (let tries = 0; tries < 50; tries += 1) {
      const make = special[id];
      const value = make === undefined ? starts[random.below(starts.length)] + sampleOf(rest, random) : make(random);
      if (bits(value) >= Math.max(entropy, 2.5)) return [{ id, kind, value, text: value }];
    }
    return [];
  });
}

function bits(text) {
  const counts = new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

const password = (random) =>
  `${random.text(lower, 4)}${random.text(digits, 3)}${random.text(upper, 3)}${random.text(lower, 4)}`;

/** Each rule that needs what stands around the secret: `text` holds both. */
export function inContext(random) {
  const secret = (id, value, text) => ({ id, value, text });
  const key = random.text(alnum + '+/', 1600).replace(/(.{64})/g, '$1\n');
  const make = [
    [
      'private-key',
      key.slice(0, 64),
      (value) => `-----BEGIN ${rsa} KEY-----\n${value}\n${key.slice(65)}\n-----END ${rsa} KEY-----`,
    ],
    ['password', password(random), (value) => `DB_PASSWORD=${value}`],
    ['pass-or-pwd', password(random), (value) => `Server=db;Uid=sa;Pwd=${value};`],
    ['assignment', random.text(alnum, 40), (value) => `AWS_SECRET_ACCESS_KEY=${value}`],
    ['named-key', random.text(alnum, 32), (value) => `DATADOG_APP=${value}`],
    ['env-key', random.text(alnum, 32), (value) => `SERVICE_KEY=${value}`],
    ['option', password(random), (value) => `login --password ${value}`],
    ['authorization-scheme', random.text(alnum, 40), (value) => `Authorization: Bearer ${value}`],
    ['authorization', random.text(alnum, 40), (value) => `authorization: ${value}`],
    ['bearer', random.text(alnum, 40), (value) => `bearer ${value}`],
    ['basic', Buffer.from(`bob:${password(random)}`).toString('base64'), (value) => `Authorization: Basic ${value}`],
    ['cookie', random.text(hex, 32), (value) => `Cookie: sid=${value}; theme=dark`],
    ['url-userinfo', password(random), (value) => `postgres://app:${value}@db.example:5432/app`],
    ['signed-url', random.text(hex, 64), (value) => `https://s3.example/x?X-Amz-Signature=${value}&y=1`],
    ['user-option', password(random), (value) => `curl -u bob:${value} https://example.test`],
    [
      'slack-webhook',
      `T${random.text(upper + digits, 8)}/B${random.text(upper + digits, 8)}/${random.text(alnum, 24)}`,
      (value) => `https://hooks.slack.com/services/${value}`,
    ],
    [
      'discord-webhook',
      random.text(alnum, 68),
      (value) => `https://discord.com/api/webhooks/${random.text('123456789', 18)}/${value}`,
    ],
    [
      'microsoft-teams-webhook',
      random.text(hex, 64),
      (value) => `https://x.webhook.office.com/webhookb2/${value}@${random.text(hex, 32)}`,
    ],
    ['telegram-bot', `${random.text('123456789', 10)}:AA${random.text(alnum, 33)}`, (value) => value],
    ['mailchimp', `${random.text(hex, 32)}-us12`, (value) => value],
    ['azure-client-secret', `${random.text(alnum, 3)}8Q~${random.text(alnum, 34)}`, (value) => value],
    [
      'discord-bot',
      `M${random.text(alnum, 25)}.${random.text(alnum, 6)}.${random.text(alnum, 38)}`,
      (value) => `Bot ${value}`,
    ],
    [
      'gcp-key-file',
      random.text(hex, 40),
      (value) =>
        `{"type":"service_account","private_key_id":"${value}","private_key":"-----BEGIN ${pkcs8} KEY-----\\nMII${random.text(alnum, 200)}\\n-----END ${pkcs8} KEY-----\\n"}`,
    ],
    [
      'connection-string',
      random.text(alnum, 86) + '==',
      (value) => `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${value};EndpointSuffix=core.windows.net`,
    ],
  ];
  return make.map(([id, value, write]) => secret(id, value, write(value)));
}

/** What is no secret and looks like one. */
export function lookalikes(random) {
  const integrity = Buffer.from(random.text(alnum, 64)).toString('base64');
  return [
    `commit ${random.text(hex, 40)}`,
    `index ${random.text(hex, 7)}..${random.text(hex, 7)} 100644`,
    `id ${random.text(hex, 8)}-${random.text(hex, 4)}-4${random.text(hex, 3)}-a${random.text(hex, 3)}-${random.text(hex, 12)}`,
    `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${random.text(alnum + '+/', 400)}=`,
    `!function(e,t){"use strict";var n=t.key,r=e.token||{};for(var i in r)n[i]=r[i].replace(/[a-z]{${random.below(9)},}/g,"$1")}(window,document);`,
    `"node_modules/left": {"version": "1.${random.below(99)}.0", "resolved": "https://registry.example/left-1.0.0.tgz", "integrity": "sha512-${integrity}"}`,
    `left@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.example/left#${random.text(hex, 40)}"`,
    ['AKIA', 'IOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY'].join(''),
    ['sk_test_', '4eC39HqLyjWDarjtT1zdp7dc'].join(''),
    `const token = getToken(${random.below(99)}); password: string; connect(password=password)`,
    'API_TOKEN=$TOKEN PASSWORD=${PASSWORD} secret: <your-secret>',
    `input_tokens: ${random.below(99999)}, max_tokens=4096, "cache_read_tokens": ${random.below(99999)}`,
    `sha256:${random.text(hex, 64)}`,
    `etag: W/"${random.text(hex, 16)}"`,
    `toolu_01${random.text(alnum, 22)} msg_01${random.text(alnum, 22)} req_011${random.text(alnum, 21)}`,
  ];
}
