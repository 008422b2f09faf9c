import type { AgentEvent, HookSubtype } from '../../core/event.ts';
import { asObject, asText, isObject, type JsonObject } from '../../core/json.ts';
import { hook, meta } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import type { Place } from '../shared/place.ts';
import { beganAt, begins } from './spans.ts';
import type { Source } from './source.ts';

/** Only the end of a hook is an event of its own: it says how the hook went. */
export function hookStart(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  begins(source, hookKey(place, data), place, callOf(data));
  return [meta(place, 'internal', 0, null)];
}

export function hookEnd(place: Place, data: JsonObject, source: Source): readonly AgentEvent[] {
  const { durationS, callId } = beganAt(source, hookKey(place, data), place);
  const name = textField(place.flags, data['hookType']) ?? 'hook';
  const error = asText(asObject(data['error'])?.['message']) ?? asText(data['error']);
  const output = data['output'];
  const said = isObject(output) && Object.keys(output).length > 0 ? JSON.stringify(output) : asText(output);
  const detail = error ?? said;
  const subtype = data['success'] === false ? 'failed' : subtypeOf(asObject(output));
  return [hook(place, 0, detail === null ? name : `${name}: ${detail}`, { subtype, callId, durationS })];
}

function subtypeOf(output: JsonObject | null): HookSubtype {
  if (output === null) return 'output';
  const { permissionDecision, decision, additionalContext } = output;
  if (permissionDecision === 'deny' || decision === 'deny' || decision === 'block') return 'blocked';
  return asText(additionalContext) === null ? 'output' : 'context';
}

function hookKey(place: Place, data: JsonObject): string {
  return `hook:${textField(place.flags, data['hookInvocationId']) ?? ''}`;
}

/** The call that a hook is about, where its input names only one. */
function callOf(data: JsonObject): string | null {
  const calls = asObject(data['input'])?.['toolCalls'];
  if (!Array.isArray(calls) || calls.length !== 1) return null;
  return asText(asObject(calls[0])?.['id']);
}
