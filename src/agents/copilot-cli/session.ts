import { asObject, asText, type JsonObject } from '../../core/json.ts';
import { textField, type Flags } from '../shared/fields.ts';
import { processEnds } from './usage-book.ts';
import type { Source } from './source.ts';

/** The model's name while the program chooses one for each prompt. */
const AUTOMATIC = 'auto';

/** Takes over what a record says of the whole session, before its own events are made. */
export function noteSession(flags: Flags, type: string, data: JsonObject, source: Source): void {
  switch (type) {
    case 'session.start':
    case 'session.resume':
      if (type === 'session.resume') processEnds(source.usage);
      noteContext(flags, asObject(data['context']), source);
      source.agentVersion = textField(flags, data['copilotVersion']) ?? source.agentVersion;
      source.entrypoint = textField(flags, data['producer']) ?? source.entrypoint;
      noteModel(textField(flags, data['selectedModel']), source);
      return;
    case 'session.context_changed':
      noteContext(flags, data, source);
      return;
    case 'session.model_change':
      noteModel(textField(flags, data['newModel']), source);
      return;
    case 'session.auto_mode_resolved':
      noteModel(textField(flags, data['chosenModel']), source);
      return;
    default:
  }
}

/** A context is told whole: without a branch there is none (a folder without git, a detached head). */
function noteContext(flags: Flags, context: JsonObject | null, source: Source): void {
  const cwd = context === null ? null : textField(flags, context['cwd']);
  if (context === null || cwd === null) return;
  source.cwd = cwd;
  source.gitBranch = textField(flags, context['branch']);
}

function noteModel(model: string | null, source: Source): void {
  if (model !== null) source.model = model === AUTOMATIC ? null : model;
}

/** `interactionId` groups what one prompt led to; a sub-agent's prompts have groups of their own. */
export function noteInteraction(data: JsonObject, ofSubAgent: boolean, source: Source): void {
  const interaction = asText(data['interactionId']);
  if (interaction === null) return;
  const { main, subAgents } = source.interactions;
  if (ofSubAgent) subAgents.add(interaction);
  else if (!subAgents.has(interaction)) main.add(interaction);
}

export function isSubAgentInteraction(data: JsonObject, source: Source): boolean {
  const interaction = asText(data['interactionId']);
  if (interaction === null) return false;
  return source.interactions.subAgents.has(interaction) && !source.interactions.main.has(interaction);
}
