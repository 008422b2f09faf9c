import type { SessionEvent } from '../../../src/judge/render/event.ts';

type Fields = Partial<SessionEvent> & Pick<SessionEvent, 'kind'>;

const blank: Omit<SessionEvent, 'eventId' | 'kind' | 'seq' | 'tsUs' | 'sourceLine'> = {
  isMain: true,
  thread: 'main',
  sourceId: 'source-a',
  subtype: null,
  text: null,
  callId: null,
  toolName: null,
  toolKind: null,
  command: null,
  filePath: null,
  input: null,
  outcome: null,
  exitCode: null,
};

export const startUs = Date.parse('2026-03-02T10:00:00Z') * 1000;

/** Events of one invented session, one a second; event n of the list has the id `event-n`, from 1. */
export function sessionOf(...fields: readonly (Fields | readonly Fields[])[]): readonly SessionEvent[] {
  return fields.flat().map((given, index) => ({
    ...blank,
    eventId: `event-${index + 1}`,
    seq: index,
    sourceLine: index + 1,
    tsUs: startUs + index * 1_000_000,
    ...given,
  }));
}

export function prompt(text: string): Fields {
  return { kind: 'prompt', text };
}

export function reply(text: string): Fields {
  return { kind: 'reply', text };
}

let calls = 0;

/** A shell command and what it printed: two events. */
export function shell(command: string, text: string, outcome = 'ok', exitCode = outcome === 'ok' ? 0 : 1): Fields[] {
  calls += 1;
  const callId = `call-${calls}`;
  return [
    { kind: 'tool_call', callId, toolName: 'Bash', toolKind: 'shell', command, input: JSON.stringify({ command }) },
    { kind: 'tool_result', callId, outcome, exitCode, text },
  ];
}

/** A call of another tool and its result: two events. */
export function tool(
  toolKind: string,
  input: Readonly<Record<string, unknown>>,
  text: string,
  outcome = 'ok',
): Fields[] {
  calls += 1;
  const callId = `call-${calls}`;
  const filePath = typeof input['file_path'] === 'string' ? input['file_path'] : null;
  return [
    { kind: 'tool_call', callId, toolName: toolKind, toolKind, filePath, input: JSON.stringify(input) },
    { kind: 'tool_result', callId, outcome, text },
  ];
}

export const testKey = new Uint8Array(32).fill(7);
