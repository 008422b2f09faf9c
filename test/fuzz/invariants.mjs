import { agents } from '../../dist/modules/agents/index.js';
import { boundedJson } from '../../dist/modules/core/bounded-json.js';
import { splitLines } from '../../dist/modules/read/lines.js';
import { newReadSink } from '../../dist/modules/read/records.js';
import { isWhole, readRecords } from '../../dist/modules/read/whole.js';

const kinds = new Set(
  'prompt reply thinking tool_call tool_result progress usage system hook summary interrupt api_error meta unknown'.split(
    ' ',
  ),
);
const toolKinds = new Set('shell read edit write search web subagent mcp plan other'.split(' '));
const outcomes = new Set('ok error denied rejected interrupted timeout hook_blocked cancelled unknown'.split(' '));
const flagNames = new Set(
  `salvaged unterminated replaced_characters duplicate_keys wrong_type no_response_id future_time assumed_zone assumed_model
  uncertain_copy before_2023`.split(/\s+/),
);
const texts = ['parentSessionId', 'parentCallId', 'cwd', 'gitBranch', 'agentVersion', 'entrypoint', 'text'];
const ofKind = {
  tool_call: ['callId', 'command', 'filePath'],
  tool_result: ['callId'],
  progress: ['callId'],
  hook: ['callId'],
  usage: ['model', 'responseId', 'requestId', 'speed'],
};
const counts = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'responses',
  'recordedCostUsdMicros',
];

const adapters = new Map(await Promise.all(agents.map(async (agent) => [agent.id, await agent.loadAdapter()])));

/** Reads and adapts the bytes as a sync does; returns the events, and every broken promise as a sentence. */
export function readAndCheck(bytes, agent, hint, name) {
  const faults = [];
  const sink = newReadSink();
  let records = 0;
  const watched = function* watch() {
    for (const record of readRecords([bytes], name, hint.form, sink)) {
      records += 1;
      if (record.line < 1 || record.offset < 0) faults.push(`a record lies at ${record.line}:${record.offset}`);
      yield record;
    }
  };
  const events = [...adapters.get(agent.id)(watched(), hint)];
  const { counts } = sink;
  if (counts.lines !== counts.records + counts.salvaged + counts.quarantined + counts.blank) {
    faults.push(`lines do not add up: ${JSON.stringify(counts)}`);
  }
  if (records !== counts.records + counts.salvagedRecords)
    faults.push(`${records} records, but ${JSON.stringify(counts)}`);
  if (records > 0 && events.length === 0) faults.push(`${records} records gave no event`);
  if (counts.quarantined > 0 && sink.quarantine.length === 0) faults.push('quarantined lines without a span');
  if (!isWhole(name, hint.form, bytes)) checkBytes(bytes, sink, faults);
  for (const event of events) checkEvent(event, faults);
  if (Object.keys(Object.prototype).length > 0) faults.push('the prototype of all objects has changed');
  return { events, faults };
}

function checkBytes(bytes, sink, faults) {
  let total = 0;
  for (const line of splitLines([bytes])) total += line.lengthBytes + Number(line.terminated);
  if (total !== bytes.length) faults.push(`${bytes.length} bytes became lines of ${total}`);
  for (const { offset, lengthBytes, head } of sink.quarantine) {
    if (offset < 0 || lengthBytes < 1 || offset + lengthBytes > bytes.length)
      faults.push(`a span lies at ${offset}+${lengthBytes}`);
    if (!bytes.subarray(offset, offset + head.length).equals(head))
      faults.push(`a span at ${offset} shows other bytes`);
  }
}

function checkEvent(event, faults) {
  const wrong = (what) => faults.push(`${event.kind} of ${event.recordType}: ${what}`);
  if (!kinds.has(event.kind)) wrong('kind');
  for (const field of ['key', 'sessionId', 'threadId', 'recordType']) {
    if (typeof event[field] !== 'string' || event[field] === '') wrong(`${field} is ${JSON.stringify(event[field])}`);
  }
  for (const field of [...texts, ...(ofKind[event.kind] ?? [])]) {
    if (event[field] !== null && typeof event[field] !== 'string') wrong(`${field} is ${typeof event[field]}`);
  }
  if (event.ts !== null && !Number.isSafeInteger(event.ts)) wrong(`ts is ${event.ts}`);
  if ((event.ts === null) !== (event.tsSource === null)) wrong(`ts is ${event.ts}, its source ${event.tsSource}`);
  if (!event.flags.every((flag) => flagNames.has(flag))) wrong(`flags are ${event.flags.join()}`);
  for (const field of ['durationS', 'elapsedS']) {
    const value = event[field];
    if (value !== undefined && value !== null && !(Number.isFinite(value) && value >= 0)) wrong(`${field} is ${value}`);
  }
  if (event.kind === 'tool_call') {
    if (typeof event.toolName !== 'string' || !toolKinds.has(event.toolKind))
      wrong(`tool ${event.toolName} ${event.toolKind}`);
    if (event.input !== null && /[^\\](?:\\\\)*\\ud[89a-f]/i.test(boundedJson(event.input)))
      wrong('input holds a lone surrogate');
    if (event.input !== null) JSON.parse(boundedJson(event.input));
  }
  if (event.kind === 'tool_result' && !outcomes.has(event.outcome)) wrong(`outcome is ${event.outcome}`);
  for (const field of event.kind === 'usage' ? counts : []) {
    const value = event[field];
    if (value !== null && !(Number.isSafeInteger(value) && value >= 0)) wrong(`${field} is ${value}`);
  }
}
