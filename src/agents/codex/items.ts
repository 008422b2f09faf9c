import type { AgentEvent } from '../../core/event.ts';
import { unknown, meta } from '../shared/events.ts';
import { customToolCall, functionCall, localShellCall, servedCall, toolSearchCall } from './calls.ts';
import { compactionEvents } from './turn-events.ts';
import { contentName, placeOf } from './locate.ts';
import { agentMessage, messageEvents, reasoningEvent } from './messages.ts';
import { callOutput, toolSearchOutput } from './results.ts';
import type { Source } from './source.ts';
import type { Spoken } from './speech.ts';

/** What goes to the model and comes from it (formats.md 2.3). */
export function itemEvents(spoken: Spoken, source: Source): AgentEvent[] {
  switch (spoken.entry.inner) {
    case 'message':
      return messageEvents(spoken, source);
    case 'reasoning':
      return [reasoningEvent(spoken, source)];
    case 'function_call':
      return functionCall(spoken, source);
    case 'custom_tool_call':
      return customToolCall(spoken, source);
    case 'local_shell_call':
      return localShellCall(spoken, source);
    case 'web_search_call':
      return servedCall(spoken, 'web_search', source);
    case 'image_generation_call':
      return servedCall(spoken, 'image_generation', source);
    case 'tool_search_call':
      return toolSearchCall(spoken, source);
    case 'function_call_output':
    case 'custom_tool_call_output':
      return callOutput(spoken, source);
    case 'tool_search_output':
      return toolSearchOutput(spoken, source);
    case 'agent_message':
      return [agentMessage(spoken, placeOf(spoken, contentName(spoken), source))];
    case 'ghost_snapshot':
      return [meta(placeOf(spoken, contentName(spoken), source), 'snapshot', 0, null)];
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction':
      return compactionEvents(spoken, 'item', source);
    default:
      return [unknown(placeOf(spoken, contentName(spoken), source), 0, spoken.entry.value)];
  }
}
