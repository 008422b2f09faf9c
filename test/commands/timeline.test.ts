import { describe, expect, test } from 'vitest';
import { timelineLines } from '../../src/commands/show-lines.ts';
import type { Line } from '../../src/commands/terminal.ts';
import { timelineOf, type ShownEvent } from '../../src/commands/timeline.ts';

const start = Date.parse('2026-02-09T10:00:00Z') * 1000;
const at = (seconds: number): number => start + seconds * 1_000_000;

function event(seconds: number, kind: string, more: Partial<ShownEvent> = {}): ShownEvent {
  return {
    ts: at(seconds),
    tsSource: 'event',
    line: seconds + 1,
    threadId: 'main',
    kind,
    subtype: null,
    callId: null,
    toolName: null,
    command: null,
    outcome: null,
    text: '',
    ...more,
  };
}

const call = (seconds: number, callId: string, toolName: string, command: string | null = null): ShownEvent =>
  event(seconds, 'tool_call', { callId, toolName, command });
const result = (seconds: number, callId: string, outcome: string, text = ''): ShownEvent =>
  event(seconds, 'tool_result', { callId, outcome, text });

describe('the timeline of a session', () => {
  test('collapses calls that went well into one item, most used tool first', () => {
    const events = [
      event(0, 'prompt', { text: 'fix it' }),
      call(5, 'a', 'Read'),
      result(6, 'a', 'ok'),
      event(7, 'thinking', { text: 'hm' }),
      call(8, 'b', 'Bash', 'ls'),
      result(9, 'b', 'ok'),
      call(20, 'c', 'Bash', 'pwd'),
      result(21, 'c', 'unknown'),
      event(25, 'reply', { text: 'half done' }),
      event(30, 'reply', { text: 'done' }),
    ];
    expect(timelineOf(events, 600)).toEqual([
      { item: 'prompt', ts: at(0), line: 1, text: 'fix it' },
      {
        item: 'work',
        ts: at(5),
        tool_calls: 3,
        tools: [
          { tool_name: 'Bash', calls: 2 },
          { tool_name: 'Read', calls: 1 },
        ],
        span_s: 15,
      },
      { item: 'reply', ts: at(30), line: 31, text: 'done' },
    ]);
  });

  test('shows trouble by itself, with the call that it answers', () => {
    const events = [
      call(0, 'a', 'Bash', 'npm test'),
      result(4, 'a', 'error', '2 failed'),
      event(5, 'interrupt', { text: '[Request interrupted by user]' }),
      event(6, 'api_error', { text: 'overloaded' }),
      event(7, 'system', { subtype: 'compaction', text: 'summary' }),
      event(8, 'system', { subtype: 'turn_end' }),
    ];
    const trouble = { item: 'trouble', tool_name: null, command: null };
    expect(timelineOf(events, 600)).toEqual([
      { item: 'work', ts: at(0), tool_calls: 1, tools: [{ tool_name: 'Bash', calls: 1 }], span_s: 0 },
      { ...trouble, ts: at(4), line: 5, what: 'error', tool_name: 'Bash', command: 'npm test', text: '2 failed' },
      { ...trouble, ts: at(5), line: 6, what: 'interrupt', text: '[Request interrupted by user]' },
      { ...trouble, ts: at(6), line: 7, what: 'api_error', text: 'overloaded' },
      { ...trouble, ts: at(7), line: 8, what: 'compaction', text: 'summary' },
    ]);
  });

  test('shows a pause that is longer than the threshold, and none of exactly the threshold', () => {
    const events = [
      event(0, 'prompt', { text: 'a' }),
      event(600, 'prompt', { text: 'b' }),
      event(1201, 'prompt', { text: 'c' }),
    ];
    expect(timelineOf(events, 600)).toEqual([
      { item: 'prompt', ts: at(0), line: 1, text: 'a' },
      { item: 'prompt', ts: at(600), line: 601, text: 'b' },
      { item: 'pause', ts: at(600), pause_s: 601 },
      { item: 'prompt', ts: at(1201), line: 1202, text: 'c' },
    ]);
  });

  test('takes no pause from a time that a neighbour lent', () => {
    const events = [event(0, 'prompt'), event(5000, 'meta', { tsSource: 'neighbour' }), event(10, 'prompt')];
    expect(timelineOf(events, 600).map(({ item }) => item)).toEqual(['prompt', 'prompt']);
  });
});

test('the lines carry clock, day and pause, and stay in the width', () => {
  const text = (line: Line): string =>
    typeof line === 'string' ? line : line.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');
  const items = timelineOf(
    [
      event(0, 'prompt', { text: 'please fix the login page\nand the logout' }),
      call(5, 'a', 'Bash', 'npm test'),
      result(6, 'a', 'error', 'exit 1'),
      event(19_306, 'prompt', { text: 'go on' }),
      event(60_000, 'prompt', { text: 'next' }),
    ],
    600,
  );
  expect(timelineLines(items, 'Europe/Berlin', 40).map(text)).toEqual([
    '2026-02-09',
    '11:00:00 > please fix the login page⏎an…',
    '11:00:05   1 tool call: Bash',
    '11:00:06 ! error (:7): Bash npm test: e…',
    '--- 5 h 21 min pause ---',
    '16:21:46 > go on',
    '--- 11 h 18 min pause ---',
    '2026-02-10',
    '03:40:00 > next',
  ]);
});
