import type { AgentEvent } from '../../../core/event.ts';
import { asText } from '../../../core/json.ts';
import { meta, plain, unknown } from '../events.ts';
import { textField } from '../fields.ts';
import { Occurrences } from '../keys.ts';
import type { Place } from '../place.ts';
import { compactionEvent } from './compaction.ts';
import type { Source } from './source.ts';
import type { StoredMessage, StoredPart } from './store.ts';

export interface PlacedPart {
  readonly place: Place;
  readonly part: StoredPart;
}

/** What the program writes in a person's place before the output of `!command`. */
const SHELL_NOTE = 'The following tool was executed by the user';

/** A message in a person's place: what was typed is one prompt; everything else was put there by the program. */
export function personEvents(parts: readonly PlacedPart[], message: StoredMessage, source: Source): AgentEvent[] {
  source.shellRun = parts.some(({ part }) => isSynthetic(part) && asText(part.value['text']) === SHELL_NOTE);
  const counts = new Occurrences();
  const typed = message.role === 'user' ? parts.filter(({ part }) => isTyped(part)) : [];
  const texts = typed.flatMap(({ place, part }) => textField(place.flags, part.value['text']) ?? []);
  return parts.map((placed) => {
    if (placed.part.type === 'text' && typed[0] === placed) return promptEvent(placed.place, texts.join('\n'), source);
    // The prompt's other texts are in the prompt.
    if (typed.includes(placed)) return meta(placed.place, 'internal', counts.next('joined'), null);
    return programEvent(placed, counts, source);
  });
}

function isSynthetic({ type, value }: StoredPart): boolean {
  return type === 'text' && value['synthetic'] === true;
}

function isTyped({ type, value }: StoredPart): boolean {
  return type === 'text' && value['synthetic'] !== true && value['ignored'] !== true;
}

/** In a session that another session's agent started, that agent is the one who asks. */
function promptEvent(place: Place, text: string, source: Source): AgentEvent {
  if (source.parentSessionId !== null) return meta(place, 'subagent_prompt', 'prompt', text);
  return text === '' ? meta(place, 'internal', 'prompt', null) : plain(place, 'prompt', 'prompt', text);
}

function programEvent({ place, part }: PlacedPart, counts: Occurrences, source: Source): AgentEvent {
  const { type, value } = part;
  const block = counts.next(type);
  switch (type) {
    case 'text':
      return meta(place, 'context', block, textField(place.flags, value['text']));
    case 'file':
      return meta(place, 'context', block, `[file] ${fileName(place, part) ?? ''}`.trimEnd());
    case 'agent':
      return meta(place, 'context', block, `@${textField(place.flags, value['name']) ?? ''}`);
    case 'subtask':
      return subtaskEvent(place, block, part, source);
    case 'compaction':
      return compactionEvent(place, block, value, source);
    case 'patch':
    case 'snapshot':
      return meta(place, 'snapshot', block, null);
    default:
      return unknown(place, `unknown:${block}`, value);
  }
}

function fileName(place: Place, { value }: StoredPart): string | null {
  return textField(place.flags, value['filename'] ?? value['name']);
}

/** A slash command that hands its work to a sub-agent; its template is the program's. */
function subtaskEvent(place: Place, block: string, { value }: StoredPart, source: Source): AgentEvent {
  const command = textField(place.flags, value['command']);
  const text = command === null ? textField(place.flags, value['prompt']) : `/${command}`;
  return meta(place, source.parentSessionId === null ? 'command' : 'subagent_prompt', block, text);
}
