/** Where a secret can stand: `write` puts `text` (a secret and what it needs around it) into records of a Claude Code transcript. */

const ESC = '\u001b';

function envelope(random, type, message, extra = {}) {
  const uuid = `${random.text('0123456789abcdef', 8)}-0000-4000-8000-${random.text('0123456789abcdef', 12)}`;
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    cwd: '/home/ann/shop',
    sessionId: extra.sessionId,
    version: '2.1.60',
    gitBranch: 'main',
    type,
    uuid,
    timestamp: '2026-02-05T10:00:00.000Z',
    message,
    ...(extra.requestId === undefined ? {} : { requestId: extra.requestId }),
  });
}

export function writer(random, sessionId) {
  let calls = 0;
  const prompt = (text) => envelope(random, 'user', { role: 'user', content: text }, { sessionId });
  const assistant = (block) => {
    const id = random.text('0123456789abcdef', 16);
    return envelope(
      random,
      'assistant',
      { id: `msg_${id}`, type: 'message', role: 'assistant', model: 'claude-opus-4-6', content: [block] },
      { sessionId, requestId: `req_${id}` },
    );
  };
  const call = (name, input) => assistant({ type: 'tool_use', id: `toolu_${(calls += 1)}`, name, input });
  const result = (content) =>
    envelope(
      random,
      'user',
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${calls}`, content }] },
      { sessionId },
    );
  const reply = (text) => assistant({ type: 'text', text });
  return { prompt, call, result, reply };
}

/** A line break every 80 columns, as a terminal makes it. */
const wrapped = (text) => text.replace(/(.{80})/g, '$1\n');
const filler = (random, length) => random.text('abcdefghij klmnop qrstu vwxyz ', length);

/** `encoded`: read only after one step of decoding. `tokens`: only for secrets that need nothing around them. */
export const positions = [
  { name: 'user text', write: ({ prompt }, text) => [prompt(`Please use ${text} for it`)] },
  { name: 'reply', write: ({ reply }, text) => [reply(`I set it:\n${text}\nand went on`)] },
  { name: 'tool input', write: ({ call }, text) => [call('Write', { file_path: '/tmp/a', content: `x\n${text}\ny` })] },
  {
    name: 'command',
    write: ({ call }, text) => [call('Bash', { command: `printf '%s' ${JSON.stringify(text)} > a` })],
  },
  {
    name: 'tool result',
    write: ({ call, result }, text) => [call('Bash', { command: 'env' }), result(`A=1\n${text}\nB=2`)],
  },
  {
    name: 'shell assignment',
    tokens: true,
    write: ({ call }, text) => [call('Bash', { command: `export API_TOKEN=${text} && run` })],
  },
  {
    name: 'JSON string',
    write: ({ call, result }, text) => [
      call('Read', { file_path: 'a.json' }),
      result(JSON.stringify({ name: 'a', note: text })),
    ],
  },
  {
    name: 'doubly escaped JSON',
    write: ({ call, result }, text) => [
      call('Read', { file_path: 'b.json' }),
      result(JSON.stringify({ body: JSON.stringify({ note: text }) })),
    ],
  },
  {
    name: 'header',
    tokens: true,
    write: ({ call, result }, text) => [
      call('Bash', { command: 'curl' }),
      result(`> GET /\n> Authorization: Bearer ${text}\n>`),
    ],
  },
  {
    name: 'URL user-info',
    tokens: true,
    write: ({ prompt }, text) => [prompt(`git clone https://x-access-token:${text}@git.example/a.git`)],
  },
  {
    name: 'file name',
    tokens: true,
    write: ({ call }, text) => [call('Read', { file_path: `/tmp/${text.replaceAll('/', '_')}.txt` })],
  },
  {
    name: 'CRLF',
    write: ({ call, result }, text) => [
      call('Read', { file_path: 'k' }),
      result(`a\r\n${text.replaceAll('\n', '\r\n')}\r\nb`),
    ],
  },
  {
    name: 'coloured',
    write: ({ call, result }, text) => [call('Bash', { command: 'grep' }), result(`12:${ESC}[32m${text}${ESC}[0m ok`)],
  },
  {
    name: 'coloured inside',
    write: ({ call, result }, text) => [
      call('Bash', { command: 'grep' }),
      result(`7:${text.slice(0, -9)}${ESC}[01;31m${ESC}[K${text.slice(-9)}${ESC}[m${ESC}[K\n`),
    ],
  },
  {
    name: 'wrapped at 80',
    write: ({ call, result }, text, random) => [
      call('Bash', { command: 'x' }),
      result(wrapped(`${filler(random, 20 + random.below(50))} ${text}`)),
    ],
  },
  {
    name: 'two stream chunks',
    tokens: true,
    write: ({ reply }, text) => [
      reply(`It is ${text.slice(0, Math.floor(text.length / 2))}`),
      reply(`${text.slice(Math.floor(text.length / 2))} and so on`),
    ],
  },
  {
    name: 'begin of 1 MB',
    write: ({ call, result }, text, random) => [
      call('Bash', { command: 'y' }),
      result(`${text} ${filler(random, 1000).repeat(1000)}`),
    ],
  },
  {
    name: 'end of 1 MB',
    write: ({ call, result }, text, random) => [
      call('Bash', { command: 'z' }),
      result(`${filler(random, 1000).repeat(1000)} ${text}`),
    ],
  },
  {
    name: 'across the cut',
    write: ({ call, result }, text, random) => [
      call('Bash', { command: 'c' }),
      result(`${filler(random, 200 - Math.floor(text.length / 2))} ${text} ${filler(random, 4000)}`),
    ],
  },
  {
    name: 'base64',
    encoded: true,
    write: ({ call, result }, text) => [
      call('Bash', { command: 'b' }),
      result(`data: ${Buffer.from(`x ${text}\n`).toString('base64')}`),
    ],
  },
];
