import { writeFileIfAbsent, appendLine } from '../../../lake/files.ts';
import { csvLine } from '../csv.ts';
import { labelLine, type Label, type LabelsFile } from '../labels-file.ts';
import { begin, current, reply, screen, type Answer, type Dialogue, type SessionText } from './dialogue.ts';
import { guideline, GUIDELINE_VERSION } from './guideline.ts';
import { splitOf, type SessionReference } from './sample.ts';

interface RoundOptions {
  readonly sessions: readonly SessionReference[];
  readonly labeller: string;
}

interface RoundEffects {
  /** What the person types, line by line; its end is the same as `q`. */
  readonly lines: AsyncIterable<string>;
  readonly say: (line: string) => void;
  readonly text: SessionText;
  /** Must be durable when it returns. */
  readonly store: (label: Label) => Promise<void>;
}

/** Asks about one session after the other until there is none left or the person stops; returns how far it came. */
export async function labellingRound(
  { sessions, labeller }: RoundOptions,
  { lines, say, text, store }: RoundEffects,
): Promise<Dialogue> {
  let dialogue = begin(sessions);
  const show = async (): Promise<boolean> => {
    const session = current(dialogue);
    if (session === undefined) return false;
    for (const line of screen(dialogue, await text(session))) say(line);
    return true;
  };
  for (const line of guideline) say(line);
  if (!(await show())) return dialogue;
  for await (const typed of lines) {
    const turn = reply(dialogue, typed);
    if (turn.answer !== null) await store(labelOf(turn.answer, labeller));
    for (const line of turn.say) say(line);
    const moved = turn.dialogue.place !== dialogue.place;
    dialogue = turn.dialogue;
    if (current(dialogue) === undefined) break;
    if (moved) await show();
  }
  return dialogue;
}

/** Adds labels to the end of a file, which is made with the first of them. */
export function labelWriter(path: string, { header }: LabelsFile): (label: Label) => Promise<void> {
  return async (label) => {
    await writeFileIfAbsent(path, `${csvLine(header)}\n`);
    await appendLine(path, labelLine(label, header));
  };
}

function labelOf({ session, score, note }: Answer, labeller: string): Label {
  return { ...session, score, labeller, guidelineVersion: GUIDELINE_VERSION, note, split: splitOf(session) };
}
