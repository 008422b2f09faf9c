// Appends to transcripts what a running session would: a prompt and an answer, with new ids and later times.

import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';

const USAGE = {
  input_tokens: 7,
  cache_creation_input_tokens: 500,
  cache_read_input_tokens: 20_000,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 500 },
  output_tokens: 90,
  service_tier: 'standard',
};

/** Grows each file by three lines and adds what they hold to `expected` totals. */
export function grow(paths, expected) {
  for (const path of paths) {
    const last = lastRecord(path);
    const at = (seconds) => new Date(Date.parse(last.timestamp) + seconds * 1000).toISOString();
    const { cwd, sessionId, version, gitBranch } = last;
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    const common = { isSidechain: false, userType: 'external', cwd, sessionId, version, gitBranch };
    const message = { model: 'claude-opus-4-6', id: `msg_${randomUUID()}`, type: 'message', role: 'assistant' };
    const block = (text, output_tokens) => ({
      ...message,
      content: [{ type: 'text', text }],
      usage: { ...USAGE, output_tokens },
    });
    const requestId = `req_${randomUUID()}`;
    const prompt = { role: 'user', content: 'and now the same for the other file' };
    const records = [
      { parentUuid: last.uuid, ...common, type: 'user', message: prompt, uuid: ids[0], timestamp: at(30) },
      {
        parentUuid: ids[0],
        ...common,
        type: 'assistant',
        message: block('Looking.', 3),
        requestId,
        uuid: ids[1],
        timestamp: at(35),
      },
      {
        parentUuid: ids[1],
        ...common,
        type: 'assistant',
        message: block('Done.', 90),
        requestId,
        uuid: ids[2],
        timestamp: at(41),
      },
    ];
    appendFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    expected.unique += 1;
    expected.in += USAGE.input_tokens;
    expected.cc += USAGE.cache_creation_input_tokens;
    expected.cr += USAGE.cache_read_input_tokens;
    expected.out_max += USAGE.output_tokens;
  }
}

function lastRecord(path) {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const line = lines.findLast((text) => text.includes('"timestamp"') && text.includes('"parentUuid"'));
  return JSON.parse(line);
}
