import type { JsonObject } from '../../../src/core/json.ts';
import type { PartQuestion, PreparedSession } from '../../../src/judge/contract.ts';
import type { SessionRef } from '../../../src/judge/run.ts';
import { preparedSession } from './judging.ts';

/** A session in three parts; the question that is scored shows what their readers answered, `unread` where one did not. */
export function inParts(session: SessionRef): PreparedSession {
  const whole = preparedSession(session);
  return {
    ...whole,
    flags: ['in_parts'],
    parts: {
      questions: [1, 2, 3].map((n) => part(session, n)),
      whole: (passages) => {
        const shown = passages.map((each) => each?.map(({ quote }) => quote).join() ?? 'unread').join(' and ');
        return { ...whole, flags: ['in_parts'], user: `${whole.user} ${shown}` };
      },
    },
  };
}

function part(session: SessionRef, n: number): PartQuestion {
  return {
    ...preparedSession(session, `Part ${n} of ${session.sessionId}.`),
    check: async (answer) =>
      answer.startsWith('{')
        ? { status: 'read', passages: [{ alias: `E${n}`, quote: answer }] }
        : { status: 'invalid', kind: 'parse', problem: 'Expected passages.' },
  };
}

/** Which part of session s1 a request asks about, or `whole`. */
export function partIn(body: JsonObject): string {
  return /(Part \d) of s1/.exec(JSON.stringify(body['messages']))?.[1] ?? 'whole';
}
