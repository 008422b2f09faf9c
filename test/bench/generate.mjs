// Writes invented Claude Code transcripts of a given total size, with known token totals.
// node test/bench/generate.mjs --out DIR --mb 50 --seed 1
//
// Shapes: one line per content block with growing output tokens, tool results, cumulative progress reports, sub-agents
// in files of their own, and sessions that begin with a copy of another one. DIR/truth.json holds the totals in which
// every message id counts once with the largest of each counter (`out_max`), as sesh must find them.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { out: { type: 'string' }, mb: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
if (values.out === undefined) throw new Error('Expected --out DIR');
const targetBytes = Number(values.mb) * 1024 * 1024;

let state = Number(values.seed) >>> 0;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const oneOf = (list) => list[between(0, list.length - 1)];
const hex = (count) => Array.from({ length: count }, () => between(0, 15).toString(16)).join('');
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;

const WORDS =
  'the build of a parser reads one line and writes rows into a table when the test for "quotes" fails with \\ or \n\t tabs {braces} ünïcødé 日本語 🚀'.split(
    ' ',
  );
const POOL = Array.from({ length: 200_000 }, () => oneOf(WORDS)).join(' ');
function text(low, high) {
  const length = between(low, high);
  const start = between(0, POOL.length - length - 1);
  return POOL.slice(start, start + length);
}

/** Bytes of a session: most are small, few are very large, as on real machines. */
const sessionBytes = () => Math.min(20_000_000, 6_000 + Math.floor(60_000 / Math.max(0.003, random()) ** 0.9));

const MODELS = ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5-20251001'];
const COMMANDS = ['npm test', 'git status', 'pytest -q', 'make build', 'grep -rn TODO src'];
const FAILURES = ['Exit code 1\n1 failing', 'Exit code 127\nfoo: command not found', 'Exit code 13\nPermission denied'];

const started = Date.parse('2026-10-01T08:00:00Z');
const usageById = new Map();
const copyable = [];
const sum = { files: 0, sessions: 0, lines: 0, bytes: 0 };

function remember(id, usage) {
  const [output, seen] = [usage.output_tokens, usageById.get(id)];
  if (seen === undefined) usageById.set(id, { usage, first: output, max: output, last: output });
  else Object.assign(seen, { max: Math.max(seen.max, output), last: output });
}

function makeThread({ session, agentId, model, ms }) {
  const lines = [];
  let parent = null;
  let now = ms;
  let bytes = 0;
  const push = (record) => {
    const line = JSON.stringify(record);
    bytes += Buffer.byteLength(line) + 1;
    lines.push(line);
  };
  const emit = (type, fields, hangsOn = parent) => {
    const id = uuid();
    const place = { cwd: session.cwd, sessionId: session.id, version: '2.1.44', gitBranch: 'main' };
    const agent = agentId === undefined ? {} : { agentId };
    const head = { parentUuid: hangsOn, isSidechain: agentId !== undefined, userType: 'external', ...place, ...agent };
    push({ ...head, type, ...fields, uuid: id, timestamp: new Date(now).toISOString() });
    parent = id;
    return id;
  };
  const wait = (seconds) => {
    now += Math.round(seconds * 1000);
  };

  function respond(blocks) {
    const id = `msg_01${hex(22)}`;
    const requestId = `req_011C${hex(20)}`;
    const written = between(100, 9000);
    const short = random() < 0.5 ? written : 0;
    const usage = {
      input_tokens: between(1, 12),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: between(10_000, 160_000),
      cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: written - short },
      output_tokens: 0,
      service_tier: 'standard',
    };
    const output = between(80, 2500);
    for (const [index, block] of blocks.entries()) {
      wait(between(1, 4));
      const isLast = index === blocks.length - 1;
      const now_usage = { ...usage, output_tokens: isLast ? output : between(1, 8) };
      const stop_reason = isLast ? 'end_turn' : null;
      const message = {
        model,
        id,
        type: 'message',
        role: 'assistant',
        content: [block],
        stop_reason,
        usage: now_usage,
      };
      emit('assistant', { message, requestId });
      remember(`${id}:${requestId}`, now_usage);
    }
  }

  function callTool() {
    const id = `toolu_01${hex(22)}`;
    const isShell = random() < 0.5;
    const input = isShell
      ? { command: `${oneOf(COMMANDS)} ${text(5, 60)}`, description: text(10, 40) }
      : {
          file_path: `${session.cwd}/src/f${between(0, 300)}.ts`,
          old_string: text(20, 900),
          new_string: text(20, 900),
        };
    const call = { type: 'tool_use', id, name: isShell ? 'Bash' : 'Edit', input };
    respond([{ type: 'text', text: text(60, 1500) }, call]);
    const callLine = parent;
    const reports = isShell && random() < 0.3 ? between(2, 12) : 0;
    for (let index = 0; index < reports; index += 1) {
      wait(2);
      const data = {
        type: 'bash_progress',
        output: text(20, 200),
        fullOutput: text(200, 2000),
        elapsedTimeSeconds: 2 + index * 2,
        totalLines: index,
      };
      emit('progress', { data, toolUseID: `bash-progress-${index}`, parentToolUseID: id });
    }
    wait(between(1, 20));
    const isError = random() < 0.07;
    const content = isError ? oneOf(FAILURES) : random() < 0.02 ? text(20_000, 90_000) : text(300, 6000);
    const result = { tool_use_id: id, type: 'tool_result', content, is_error: isError };
    const toolUseResult = isError
      ? `Error: ${content}`
      : { stdout: content.slice(0, 1500), stderr: '', interrupted: false };
    emit(
      'user',
      { message: { role: 'user', content: [result] }, toolUseResult, sourceToolAssistantUUID: callLine },
      callLine,
    );
  }

  function turn() {
    emit('user', { message: { role: 'user', content: text(40, 900) } });
    const calls = between(1, 8);
    for (let index = 0; index < calls; index += 1) callTool();
    respond([{ type: 'text', text: text(100, 2000) }]);
    if (agentId === undefined)
      emit('system', { subtype: 'turn_duration', durationMs: between(1000, 300_000), isMeta: false });
    wait(random() < 0.05 ? between(3600, 80_000) : between(5, 400));
  }

  function copy(lines_) {
    for (const line of lines_) {
      const record = { ...JSON.parse(line), sessionId: session.id };
      push(record);
      if (record.message?.usage) remember(`${record.message.id}:${record.requestId}`, record.message.usage);
      now = Math.max(now, Date.parse(record.timestamp) + 60_000);
      parent = record.uuid;
    }
  }

  return { lines, turn, copy, size: () => bytes, at: () => now };
}

function writeLines(path, lines) {
  const content = `${lines.join('\n')}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  sum.files += 1;
  sum.lines += lines.length;
  sum.bytes += Buffer.byteLength(content);
}

function makeSession() {
  const project = `project-${between(0, 39)}`;
  const session = { id: uuid(), cwd: `/home/dev/src/${project}` };
  const folder = join(values.out, 'projects', `-home-dev-src-${project}`);
  const wanted = sessionBytes();
  const main = makeThread({ session, model: oneOf(MODELS), ms: started + between(0, 45 * 86_400) * 1000 });
  if (copyable.length > 0 && random() < 0.12) main.copy(oneOf(copyable));
  while (main.size() < wanted) main.turn();
  writeLines(join(folder, `${session.id}.jsonl`), main.lines);
  if (random() < 0.15) {
    const agentId = hex(7);
    const agent = makeThread({ session, agentId, model: 'claude-haiku-4-5-20251001', ms: main.at() });
    agent.turn();
    writeLines(join(folder, session.id, 'subagents', `agent-${agentId}.jsonl`), agent.lines);
  }
  sum.sessions += 1;
  if (copyable.length < 40) copyable.push(main.lines.slice(0, 60));
}

rmSync(values.out, { recursive: true, force: true });
while (sum.bytes < targetBytes) makeSession();

const dedup = { unique: usageById.size, in: 0, cc: 0, cr: 0, out_first: 0, out_max: 0, out_last: 0 };
for (const { usage, first, max, last } of usageById.values()) {
  dedup.in += usage.input_tokens;
  dedup.cc += usage.cache_creation_input_tokens;
  dedup.cr += usage.cache_read_input_tokens;
  dedup.out_first += first;
  dedup.out_max += max;
  dedup.out_last += last;
}
writeFileSync(join(values.out, 'truth.json'), `${JSON.stringify({ ...sum, dedup }, null, 1)}\n`);
