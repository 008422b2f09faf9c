import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The labelled runs: stream-json of each, and whether its tests passed afterwards. */
export function runsOf(folder) {
  const [header = [], ...rows] = records(readFileSync(join(folder, 'labels.csv'), 'utf8'));
  return rows.flatMap((cells) => {
    /** @type {(name: string) => string} */
    const cell = (name) => cells[header.indexOf(name)] ?? '';
    const file = join(folder, cell('model'), `${cell('task')}.jsonl`);
    if (!existsSync(file)) return [];
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n').flatMap((line) => parsed(line));
    const result = lines.findLast(({ type }) => type === 'result');
    return [
      {
        session: lines.find((line) => line.session_id !== undefined)?.session_id,
        isResolved: cell('is_resolved') === 'True',
        saysSuccess: result?.subtype === 'success' && result.is_error !== true,
        bytes: Buffer.byteLength(text),
        startMs: Date.parse(cell('agent_started_at')),
        instruction: cell('instruction'),
        lines,
      },
    ];
  });
}

/** The same run as Claude Code keeps it on disk: the request first, and a time for each record, which the stream lacks. */
export function transcriptOf({ session, startMs, instruction, lines }) {
  const request = { type: 'user', uuid: `${session}-request`, message: { role: 'user', content: instruction } };
  const kept = [request, ...lines.filter(({ type }) => type === 'assistant' || type === 'user')];
  return kept
    .map((line, index) =>
      JSON.stringify({
        ...line,
        sessionId: session,
        cwd: '/app',
        version: '2.0.29',
        isSidechain: (line.parent_tool_use_id ?? null) !== null,
        timestamp: new Date(startMs + index * 1000).toISOString(),
      }),
    )
    .join('\n')
    .concat('\n');
}

function parsed(line) {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}

/**
 * RFC 4180.
 * @type {(text: string) => string[][]}
 */
function records(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n\r"]*))(,|\r?\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ',' && end !== '') rows.push([]);
    if (end === '') break;
  }
  return rows.filter((row) => row.length > 1);
}
