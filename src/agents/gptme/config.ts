import type { AgentEvent } from '../../core/event.ts';
import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import { meta } from '../shared/events.ts';
import { textField } from '../shared/fields.ts';
import { placeOf } from './locate.ts';
import type { Source } from './source.ts';

/** Settings that say something about the session; the rest of the file (`[env]`, `[mcp]`) may hold secrets and is not kept. */
const kept = ['name', 'model', 'tool_format', 'interactive', 'workspace'];

/** `config.toml` of a conversation: where it worked and with which model. */
export function configEvent(record: SourceRecord, source: Source): AgentEvent {
  const place = placeOf(record, 'config', source);
  const text = isObject(record.value) ? textField(place.flags, record.value['text']) : null;
  const settings = chatSettings(text ?? '');
  const told = kept.flatMap((name) => (settings.has(name) ? [`${name}: ${settings.get(name)}`] : []));
  const key = `config:${source.sessionId}`;
  return meta({ ...place, key, cwd: settings.get('workspace') ?? null }, 'internal', 0, told.join('\n'));
}

/** The plain values of the table `[chat]`; whatever else TOML can say is passed over. */
function chatSettings(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  let table = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*([\w."-]+)\s*\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) table = header;
    const setting = /^\s*([\w-]+)\s*=\s*(\S.*)$/.exec(line);
    if (table !== 'chat' || setting === null) continue;
    const value = plainValue(setting[2] ?? '');
    if (value !== null) settings.set(setting[1] ?? '', value);
  }
  return settings;
}

function plainValue(written: string): string | null {
  const literal = /^'([^']*)'/.exec(written)?.[1];
  if (literal !== undefined) return literal;
  const basic = /^"((?:[^"\\]|\\.)*)"/.exec(written)?.[1];
  if (basic !== undefined) return basic.replace(/\\(["\\])/g, '$1');
  return /^(?:true|false|[\d.+-]+)(?=\s|#|$)/.exec(written)?.[0] ?? null;
}
