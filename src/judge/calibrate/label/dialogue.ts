import type { Score } from '../../contract.ts';
import type { SessionReference } from './sample.ts';

/** What a person reads before giving a score. */
export interface ShownSession {
  /** Every request of the user, whole. */
  readonly prompts: readonly string[];
  /** How the session ended, rendered. */
  readonly ending: string;
}

/** Where texts come from. */
export type SessionText = (session: SessionReference) => Promise<ShownSession>;

/** Where a round of labelling stands; every answer makes a new one. */
export interface Dialogue {
  readonly sessions: readonly SessionReference[];
  /** Index of the session that is asked about. */
  readonly place: number;
  readonly labelled: number;
  readonly skipped: number;
  readonly stopped: boolean;
}

interface Turn {
  readonly dialogue: Dialogue;
  /** To be stored before anything else is shown. */
  readonly answer: Answer | null;
  readonly say: readonly string[];
}

/** A score for a session; null is "cannot tell". */
export interface Answer {
  readonly session: SessionReference;
  readonly score: Score | null;
  readonly note: string;
}

export const question = '1-5, n = cannot tell, s = skip, q = quit; a note may follow:';

export function begin(sessions: readonly SessionReference[]): Dialogue {
  return { sessions, place: 0, labelled: 0, skipped: 0, stopped: false };
}

/** The session that is asked about; undefined when the round is over. */
export function current({ sessions, place, stopped }: Dialogue): SessionReference | undefined {
  return stopped ? undefined : sessions[place];
}

/** The screen for one session. Transcript lines stand behind a bar, so that no transcript can write the program's own lines. */
export function screen({ sessions, place }: Dialogue, { prompts, ending }: ShownSession): readonly string[] {
  const session = sessions[place];
  return [
    '',
    `Session ${place + 1} of ${sessions.length}: ${session?.agent ?? ''} ${session?.sessionId ?? ''}`,
    ...prompts.flatMap((prompt, index) => ['', `Request ${index + 1} of ${prompts.length}`, ...quoted(prompt)]),
    '',
    'How it ended',
    ...quoted(ending),
    '',
    question,
  ];
}

/** What a typed line means. */
export function reply(dialogue: Dialogue, line: string): Turn {
  const session = current(dialogue);
  const [, key = '', note = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
  const score = scores.get(key.toLowerCase());
  if (session === undefined) return { dialogue, answer: null, say: [] };
  if (score !== undefined) {
    const next = { ...dialogue, place: dialogue.place + 1, labelled: dialogue.labelled + 1 };
    return { dialogue: next, answer: { session, score, note }, say: [] };
  }
  switch (note === '' ? key.toLowerCase() : '') {
    case 's':
      return {
        dialogue: { ...dialogue, place: dialogue.place + 1, skipped: dialogue.skipped + 1 },
        answer: null,
        say: [],
      };
    case 'q':
      return { dialogue: { ...dialogue, stopped: true }, answer: null, say: [] };
    default:
      return { dialogue, answer: null, say: [`Expected 1, 2, 3, 4, 5, n, s or q, got "${line.trim()}".`, question] };
  }
}

const scores: ReadonlyMap<string, Score | null> = new Map<string, Score | null>([
  ['1', 1],
  ['2', 2],
  ['3', 3],
  ['4', 4],
  ['5', 5],
  ['n', null],
]);

function quoted(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).map((line) => `\u2502 ${line}`);
}
