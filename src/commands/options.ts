import { UsageError } from '../core/errors.ts';

interface OptionSpec {
  /** `flag` takes no value, `list` may be given several times. */
  readonly type: 'text' | 'flag' | 'list';
  readonly about: string;
  readonly choices?: readonly string[];
}

const moment = 'a duration back (14d, 36h), a date, an instant, yesterday, or all';

/** Every option of every command: one name, one meaning. */
const options = {
  since: { type: 'text', about: `From when: ${moment}` },
  until: { type: 'text', about: `Until when, itself left out: ${moment}` },
  anchor: {
    type: 'text',
    about: 'Sessions active in the window, or started in it (default: activity)',
    choices: ['activity', 'start'],
  },
  zone: { type: 'text', about: 'Time zone of dates and days (default: $SESH_ZONE, else the machine)' },
  root: { type: 'list', about: 'Read only this folder, in place of the default places; may be repeated' },
  agent: { type: 'list', about: 'Only this agent, such as claude-code; may be repeated' },
  id: { type: 'text', about: "A fix's own name, such as the issue's number" },
  title: { type: 'text', about: 'What was repaired' },
  'fixed-at': { type: 'text', about: 'When: a date or an instant; without an offset in the zone' },
  category: { type: 'text', about: 'Incidents of this category' },
  rule: { type: 'text', about: 'Incidents that this rule named' },
  signature: { type: 'text', about: 'Incidents with exactly this signature' },
  pattern: { type: 'text', about: 'Incidents whose evidence or command fits this regular expression' },
  issue: { type: 'text', about: 'Address of the issue' },
  commit: { type: 'text', about: 'The commit that repaired it; with --repo its time is looked up' },
  repo: { type: 'text', about: 'A local git repository' },
  last: { type: 'text', about: 'How many sessions, the newest first (default: 5)' },
  before: { type: 'text', about: `Sessions that ended before: ${moment}` },
  match: { type: 'text', about: 'Sessions whose transcript holds this text' },
  absent: { type: 'text', about: 'Prove that no file of the store holds this text' },
  session: { type: 'list', about: 'Only this session; may be repeated' },
  provider: {
    type: 'text',
    about: 'Whom to ask (default: the one whose key is set)',
    choices: ['anthropic', 'openai', 'openai-compatible'],
  },
  'base-url': { type: 'text', about: 'Address of an OpenAI-compatible server' },
  rpm: { type: 'text', about: 'Requests a minute at most' },
  tpm: { type: 'text', about: 'Tokens a minute at most' },
  concurrency: { type: 'text', about: 'Requests at once at most' },
  'max-usd': { type: 'text', about: 'Spend at most this many US dollars (default: 5)' },
  'max-calls': { type: 'text', about: 'Make at most this many requests' },
  samples: { type: 'text', about: 'Ask this many times about each session' },
  batch: { type: 'flag', about: 'Hand the questions over as a batch: cheaper, answered within a day' },
  'show-prompt': { type: 'flag', about: 'Print what would be sent, and send nothing' },
  yes: { type: 'flag', about: 'Agree without being asked: judge sends to this host, forget removes' },
  pick: { type: 'flag', about: 'Choose the sessions that every new judge scores first' },
  accept: { type: 'flag', about: 'Let a judge count that scores the anchor sessions differently' },
  labeller: { type: 'text', about: 'Who labels' },
  sample: { type: 'text', about: 'How many sessions to label (default: 20)' },
  seed: { type: 'text', about: 'Seed of the random draws (default: 1)' },
  'from-verdicts': {
    type: 'text',
    about: 'Measure the answers in this file instead: id, human, one column a judge',
  },
  'floor-kappa': { type: 'text', about: 'The least kappa (default: 0.6; none with --from-verdicts)' },
  judge: {
    type: 'text',
    about: 'Only verdicts of this judge: model and version, as sesh prints it (default: the newest)',
  },
  positive: {
    type: 'text',
    about: 'From which label on an answer is a success (default: 4; 1 where no label is higher)',
  },
  project: { type: 'text', about: 'Only projects whose name contains this' },
  model: { type: 'text', about: 'Only sessions with a model whose name contains this; for judge, the model to ask' },
  user: { type: 'text', about: 'Only this person' },
  branch: { type: 'text', about: 'Only git branches whose name contains this' },
  'min-active': { type: 'text', about: 'Only sessions active for at least this long, such as 10m' },
  sort: {
    type: 'text',
    about: 'What to sort by, largest first (default: started)',
    choices: ['started', 'ended', 'active', 'wall', 'cost', 'tokens', 'prompts', 'calls', 'errors'],
  },
  limit: { type: 'text', about: 'How many rows at most' },
  at: { type: 'text', about: 'Show only what surrounds this event id or source line' },
  events: { type: 'flag', about: 'Show every event, nothing collapsed' },
  privacy: {
    type: 'text',
    about: 'What the report may show (default: redacted)',
    choices: ['full', 'redacted', 'aggregate'],
  },
  issues: { type: 'text', about: 'Write issue drafts into this folder' },
  compare: { type: 'flag', about: 'Day by day, beside the window before' },
  alert: {
    type: 'list',
    about: "End with 3 when this holds, such as 'friction.permission.rate > 0.3'; may be repeated",
  },
  fixes: { type: 'text', about: 'The register of fixes (default: fixes.yaml in the configuration directory)' },
  'fix-anchor': {
    type: 'text',
    about: 'A fix counts for sessions that began after it, or for every event after it (default: session)',
    choices: ['session', 'event'],
  },
  file: { type: 'text', about: 'Read from this file; - is standard input' },
  format: { type: 'text', about: 'How to print rows (default: table)', choices: ['table', 'json', 'csv', 'markdown'] },
  raw: { type: 'flag', about: 'In csv, leave cells that a spreadsheet would run as formulas as they are' },
  timeout: { type: 'text', about: 'Stop the statement after this long (default: 30s)' },
  keep: { type: 'text', about: 'Keep versions that were the newest within this long (default: 7d)' },
  out: { type: 'text', about: 'Where to write' },
  stdout: { type: 'flag', about: 'Write to standard output' },
  print: {
    type: 'text',
    about: 'Print the file that schedules the nightly run, and run nothing',
    choices: ['cron', 'systemd', 'launchd'],
  },
  'dry-run': { type: 'flag', about: 'Say what would be done, and do nothing' },
  full: { type: 'flag', about: 'Derive everything again from the archive' },
  memory: { type: 'text', about: 'Use at most this much memory, such as 600MB (default: $SESH_MEMORY, else 768MiB)' },
  json: { type: 'flag', about: 'Print one JSON document' },
  strict: { type: 'flag', about: "End with code 3 when more than 5 % of an agent's events are of unknown types" },
  verbose: { type: 'flag', about: 'Say on standard error what is being done' },
  debug: { type: 'flag', about: 'Print the trace of an unexpected error' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof options;

export function optionSpec(name: OptionName): OptionSpec {
  return options[name];
}

/** The options that were given, each read as what it is; a wrong value is a UsageError. */
export interface Flags {
  readonly text: (name: OptionName) => string | undefined;
  readonly flag: (name: OptionName) => boolean;
  readonly list: (name: OptionName) => readonly string[];
  /** A whole number of at least 1. */
  readonly count: (name: OptionName, otherwise: number) => number;
}

export function readFlags(given: Readonly<Record<string, unknown>>): Flags {
  return {
    text: (name) => textOf(name, given[name]),
    flag: (name) => [given[name]].flat().includes(true),
    list: (name) => listOf(name, given[name]),
    count: (name, otherwise) => countOf(name, textOf(name, given[name]), otherwise),
  };
}

function textOf(name: OptionName, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) throw new UsageError(`Expected --${name} once, got it ${value.length} times.`);
  const text = typeof value === 'string' ? value : '';
  if (text === '') throw new UsageError(`Expected a value after --${name}, got an empty one.`);
  return text;
}

function listOf(name: OptionName, value: unknown): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => textOf(name, item) ?? '');
}

function countOf(name: OptionName, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new UsageError(`Expected --${name} to be a whole number of at least 1, got "${text}".`);
  return count;
}
