import type { CommandSpec } from './command.ts';
import type { OptionName } from './options.ts';

const always: readonly OptionName[] = ['json', 'zone', 'debug'];
const window: readonly OptionName[] = ['since', 'until', 'anchor'];
const fixes: readonly OptionName[] = ['fixes', 'fix-anchor'];
const filters: readonly OptionName[] = ['project', 'model', 'agent', 'user', 'branch', 'min-active'];

/** Every command, in the order in which help lists them. */
export const catalogue: readonly CommandSpec[] = [
  {
    name: 'sync',
    about: 'Read new transcripts into the store',
    options: [...window, 'root', 'agent', 'dry-run', 'full', 'strict', 'verbose', ...always],
    examples: [
      ['sesh sync', 'everything that is new'],
      ['sesh sync --since 14d --dry-run', 'what two weeks would bring, writing nothing'],
      ['sesh sync --root /srv/collected', 'a collected tree of many users, and only that'],
    ],
    load: async () => (await import('./sync.ts')).sync,
  },
  {
    name: 'discover',
    about: 'List the sessions that would be read, without a store',
    options: [...window, 'root', 'agent', 'limit', ...always],
    examples: [
      ['sesh discover', 'all sessions on this machine'],
      ['sesh discover --since 2d --json', 'those of the last two days, for a program'],
    ],
    load: async () => (await import('./discover.ts')).discover,
  },
  {
    name: 'report',
    about: 'Write the friction report',
    options: [...window, 'out', 'stdout', 'compare', 'privacy', 'issues', ...fixes, ...always],
    examples: [
      ['sesh report', 'the last day, into reports/'],
      ['sesh report --since 14d --stdout', 'two weeks, on the screen'],
      ['sesh report --since 7d --compare', 'a week, day by day'],
      ['sesh report --since 14d --issues drafts', 'and a draft for each friction worth an issue'],
    ],
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'stats',
    about: 'Totals: sessions, time, tokens, cost',
    options: [...window, ...filters, ...always],
    examples: [
      ['sesh stats', 'everything in the store'],
      ['sesh stats --since 7d --project shop', 'a week of one project'],
      ['sesh stats --json', 'for a program'],
    ],
    load: async () => (await import('./stats.ts')).stats,
  },
  {
    name: 'sessions',
    alias: 'query',
    about: 'List sessions with their figures',
    options: [...window, ...filters, 'sort', 'limit', ...always],
    examples: [
      ['sesh sessions --since 14d', 'two weeks, newest first'],
      ['sesh sessions --sort cost --limit 10', 'the ten dearest'],
      ['sesh sessions --project shop --min-active 10m --json', 'for a program'],
    ],
    load: async () => (await import('./sessions.ts')).sessions,
  },
  {
    name: 'show',
    about: 'One session: figures and timeline',
    argument: { name: 'id', about: 'The session id, or the beginning of one', required: true },
    options: ['at', 'events', 'limit', ...always],
    examples: [
      ['sesh show 5f2c', 'the session whose id begins with 5f2c'],
      ['sesh show 5f2c --at 120', 'what surrounds line 120 of its transcript'],
      ['sesh show 5f2c --events', 'every event'],
    ],
    load: async () => (await import('./show.ts')).show,
  },
  {
    name: 'runs',
    about: 'Active time per session, longest commands, sessions without effect',
    options: [...window, ...filters, 'limit', ...always],
    examples: [
      ['sesh runs --since 14d', 'two weeks'],
      ['sesh runs --limit 50 --json', 'more rows, for a program'],
    ],
    load: async () => (await import('./runs.ts')).runs,
  },
  {
    name: 'sql',
    about: 'Ask the views and tables with one SELECT, read-only',
    argument: { name: 'statement', about: 'The statement; without it, standard input', required: false },
    options: ['file', 'format', 'raw', 'limit', 'timeout', ...fixes, ...always],
    examples: [
      ['sesh sql "select project, sum(active_s) from sessions group by all"', 'one statement'],
      ['sesh sql "describe sessions"', 'the columns of a view'],
      ['sesh sql --file slow.sql --format csv', 'from a file, for a spreadsheet'],
    ],
    load: async () => (await import('./sql.ts')).sql,
  },
  {
    name: 'fixes',
    about: 'Keep the register of fixes, and see whether they helped',
    argument: { name: 'action', about: 'list (default), add, remove, import or check', required: false },
    options: [
      'id',
      'title',
      'fixed-at',
      'category',
      'rule',
      'signature',
      'pattern',
      'project',
      'issue',
      'commit',
      'repo',
      'file',
      ...fixes,
      ...always,
    ],
    examples: [
      ['sesh fixes', 'what is registered'],
      [
        'sesh fixes add --id 84 --title "rsync without a password" --fixed-at 2026-02-06T21:37:49 --category permission',
        'one more',
      ],
      [
        'sesh fixes import --file issues.json',
        'from what `gh issue list --json number,title,closedAt,labels,url` printed',
      ],
      ['sesh fixes check', 'did each of them help?'],
    ],
    load: async () => (await import('./fixes.ts')).fixes,
  },
  {
    name: 'judge',
    about: 'Ask a model whether sessions did what their users asked',
    argument: {
      name: 'action',
      about: 'calibrate, label, export-prompts or import; without it, judge',
      required: false,
    },
    second: { name: 'file', about: 'The file of labels, or the folder of prompts', required: false },
    options: [
      'since',
      'until',
      'anchor',
      'last',
      'session',
      'provider',
      'model',
      'base-url',
      'rpm',
      'tpm',
      'concurrency',
      'max-usd',
      'max-calls',
      'samples',
      'batch',
      'dry-run',
      'show-prompt',
      'yes',
      'labeller',
      'out',
      'sample',
      'seed',
      'from-verdicts',
      'floor-kappa',
      'judge',
      'positive',
      ...always,
    ],
    examples: [
      ['sesh judge --dry-run', 'what it would ask and cost; sends nothing'],
      ['sesh judge --last 5 --max-usd 1', 'the five newest sessions, for a dollar at most'],
      ['sesh judge label --labeller ann', 'label sessions by hand, blind'],
      ['sesh judge calibrate labels.csv', 'how far the judge agrees with people'],
      ['sesh judge export-prompts prompts --last 20', 'to judge by other means'],
    ],
    load: async () => (await import('./judge-actions.ts')).judgeActions,
  },
  {
    name: 'restore',
    about: 'Write an archived transcript back, byte for byte',
    argument: { name: 'source', about: 'A session id (or its beginning), or the path of a transcript', required: true },
    options: ['out', 'stdout', ...always],
    examples: [
      ['sesh restore 5f2c --out session.jsonl', 'into a new file'],
      ['sesh restore 5f2c --stdout | sha256sum', 'to another program'],
    ],
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'doctor',
    about: 'Check the store and the places that are searched',
    options: ['root', 'agent', ...always],
    examples: [
      ['sesh doctor', 'everything'],
      ['sesh doctor --json', 'for a program'],
    ],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'vacuum',
    about: 'Remove files that only old versions of the tables need',
    options: ['keep', 'dry-run', ...always],
    examples: [
      ['sesh vacuum --dry-run', 'what a week of retention would remove'],
      ['sesh vacuum --keep 1d', 'all that was replaced before yesterday'],
    ],
    load: async () => (await import('./vacuum.ts')).vacuum,
  },
  {
    name: 'nightly',
    about: 'What a scheduled job runs: sync, report, tidy up',
    options: ['since', 'until', 'root', 'agent', 'out', 'privacy', 'alert', 'print', 'verbose', ...fixes, ...always],
    examples: [
      ['sesh nightly', 'sync, and report on the last day'],
      ['sesh nightly --print cron', 'the line for crontab'],
      ["sesh nightly --alert 'friction.permission.rate > 0.3'", 'ends with 3 when it holds'],
    ],
    load: async () => (await import('./nightly.ts')).nightly,
  },
];
