import { never } from '../core/errors.ts';
import { asNumber, asText, type JsonObject } from '../core/json.ts';
import { formatClock, formatDay, formatDuration, isoMoment } from '../core/time.ts';
import { visibleLine } from '../core/visible.ts';
import { cellsOf, tokenColumns } from './cells.ts';
import { truncate } from './table.ts';
import type { Line, Style } from './terminal.ts';
import type { Item } from './timeline.ts';

/** The session's figures. */
export function headerLines(session: JsonObject, zone: string): readonly Line[] {
  const { text, count, duration, usd, tokens, instant, list } = cellsOf(session, zone);
  const place = [text('project'), text('git_branch'), text('user')].filter((part) => part !== '-').join(', ');
  const title = asText(session['title']);
  const facts: readonly (readonly [string, string])[] = [
    ['session', `${text('session_id')} (${text('agent')} ${text('agent_version')})`],
    ...(title === null ? [] : [['title', visibleLine(title)] as const]),
    ['where', `${place}; ${text('cwd')}`],
    ['when', `${instant('started_at')} to ${instant('ended_at')} (${zone})`],
    [
      'time',
      `active ${duration('active_s')} of ${duration('wall_s')}, ${count('gaps')} ${nouns(session['gaps'], 'pause')}`,
    ],
    [
      'work',
      `${count('prompts')} ${nouns(session['prompts'], 'prompt')}, ${count('tool_calls')} ${nouns(session['tool_calls'], 'tool call')}, ${count('tool_errors')} failed, ${count('rejections')} rejected, ${count('interrupts')} interrupted`,
    ],
    ['models', list('models')],
    ['cost', `${usd('cost_usd')} at list prices, ${tokens(...tokenColumns)} tokens`],
  ];
  return [...facts.map(([name, value]): Line => [{ style: 'bold', text: name.padEnd(9) }, value]), ''];
}

function nouns(count: JsonObject[string] | undefined, noun: string): string {
  return asNumber(count) === 1 ? noun : `${noun}s`;
}

/** The timeline, a line an item; a new day has a line of its own. */
export function timelineLines(items: readonly Item[], zone: string, width: number | null): readonly Line[] {
  let day = '';
  return items.flatMap((item): readonly Line[] => {
    const today = item.ts === null || item.item === 'pause' ? day : formatDay(item.ts, zone);
    const heading: readonly Line[] = today === day ? [] : [[{ style: 'bold', text: today }]];
    day = today;
    return [...heading, itemLine(item, zone, width)];
  });
}

/** Events, each with its time, line, kind and text; `whole`: all lines of the text. */
export function eventLines(events: readonly JsonObject[], zone: string, whole: boolean): readonly Line[] {
  return events.flatMap((event): readonly Line[] => {
    const { text } = cellsOf(event, zone);
    const ts = isoMoment(asText(event['ts']) ?? '', 'UTC');
    const time = ts === null ? '--:--:--' : `${formatDay(ts, zone)} ${formatClock(ts, zone)}`;
    const parts = ['kind', 'subtype', 'tool_name', 'outcome']
      .map((name) => asText(event[name]))
      .filter((part) => part !== null);
    const place = `:${asNumber(event['source_line']) ?? '-'} ${text('thread_id') === 'main' ? '' : `[${text('thread_id')}] `}`;
    const body = asText(event['command']) ?? asText(event['text']) ?? asText(event['file_path']) ?? '';
    const head: Line = [
      { style: 'dim', text: `${time} ${place}` },
      { style: 'bold', text: parts.join(' ') },
    ];
    if (whole)
      return [
        [...head, { style: 'dim', text: ` ${text('event_id')}` }],
        ...indented(asText(event['command'])),
        ...indented(asText(event['text'])),
        '',
      ];
    return [[...head, ` ${truncate(visibleLine(body), 160)}`]];
  });
}

function indented(text: string | null): readonly Line[] {
  return text === null ? [] : text.split('\n').map((line) => `    ${line}`);
}

function itemLine(item: Item, zone: string, width: number | null): Line {
  const time = item.ts === null ? '--:--:--' : formatClock(item.ts, zone);
  const line = (mark: string, style: Style | null, text: string): Line => {
    const room = width === null ? 200 : width - MARGIN;
    const told = truncate(visibleLine(text), room);
    return [{ style: 'dim', text: time }, ` ${mark} `, style === null ? told : { style, text: told }];
  };
  switch (item.item) {
    case 'prompt':
      return line('>', 'cyan', item.text);
    case 'reply':
      return line('<', null, item.text);
    case 'work':
      return line(' ', 'dim', workText(item));
    case 'trouble':
      return line('!', 'red', troubleText(item));
    case 'pause':
      return [{ style: 'yellow', text: `--- ${formatDuration(item.pause_s)} pause ---` }];
    default:
      return never(item);
  }
}

/** Columns that the time and the mark take. */
const MARGIN = 11;

function workText({ tool_calls, tools, span_s }: Extract<Item, { item: 'work' }>): string {
  const names = tools.map(({ tool_name, calls }) => (calls === 1 ? tool_name : `${calls} ${tool_name}`)).join(', ');
  const calls = tool_calls === 1 ? '1 tool call' : `${tool_calls} tool calls`;
  return `${calls}: ${names}${span_s < 1 ? '' : ` (${formatDuration(span_s)})`}`;
}

function troubleText({ what, tool_name, command, text, line }: Extract<Item, { item: 'trouble' }>): string {
  const where = line === null ? '' : ` (:${line})`;
  const about = [tool_name, command].filter((part) => part !== null).join(' ');
  return [`${what}${where}`, about, text].filter((part) => part !== '').join(': ');
}
