import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SeshError, UsageError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';

const templates = {
  cron: ['crontab'],
  systemd: ['sesh-nightly.service', 'sesh-nightly.timer'],
  launchd: ['dev.sesh.nightly.plist'],
} as const;

type Scheduler = keyof typeof templates;

/** Absolute paths: a scheduler knows neither the caller's folder nor PATH. */
interface ScheduledPlaces {
  readonly node: string;
  /** The built `cli.js`. */
  readonly cli: string;
  readonly home: string;
  readonly store: string;
  readonly reports: string;
}

/** The package's own. */
const jobs = fileURLToPath(new URL('jobs', packageRoot));

export function parseScheduler(text: string): Scheduler {
  if (text === 'cron' || text === 'systemd' || text === 'launchd') return text;
  throw new UsageError(`Expected --print to be cron, systemd or launchd, got "${text}".`);
}

/** The filled-in job for one scheduler, ready to be saved where its comments say. */
export async function printSchedule(scheduler: Scheduler, places: ScheduledPlaces): Promise<string> {
  const files = await Promise.all(templates[scheduler].map((name) => readTemplate(name)));
  return files.map((template) => fillTemplate(template, scheduler, { ...places, jobs })).join('\n');
}

async function readTemplate(name: string): Promise<string> {
  return await readFile(`${jobs}/${name}`, 'utf8').catch((error: unknown) => {
    throw new SeshError(`jobs/${name} is missing from the installation.`, {
      hint: 'Install sesh again.',
      cause: error,
    });
  });
}

/** Puts the places into a template (`@NODE@`, `@CLI@`, `@HOME@`, `@STORE@`, `@REPORTS@`, `@JOBS@`), quoted as the scheduler reads them. */
export function fillTemplate(
  template: string,
  scheduler: Scheduler,
  places: ScheduledPlaces & { readonly jobs: string },
): string {
  const values = new Map(Object.entries(places).map(([name, path]) => [name.toUpperCase(), checked(name, path)]));
  return template.replaceAll(/@([A-Z]+)@/g, (slot, name: string) => {
    const path = values.get(name);
    if (path === undefined) throw new TypeError(`Expected a place for ${slot}`);
    return quote[scheduler](path);
  });
}

/** A line feed would begin an entry of its own in every one of the formats. */
function checked(name: string, path: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is refused
  if (!path.startsWith('/') || /[\u0000-\u001f\u007f]/.test(path)) {
    throw new UsageError(
      `Expected the ${name} path to be absolute and without control characters, got ${JSON.stringify(path)}.`,
    );
  }
  return path;
}

const quote: Readonly<Record<Scheduler, (path: string) => string>> = {
  // cron ends a command at an unescaped percent sign, and hands the rest to /bin/sh.
  cron: (path) => `'${path.replaceAll("'", String.raw`'\''`)}'`.replaceAll('%', String.raw`\%`),
  // Inside the template's double quotes: `%` begins a specifier, `$` a variable, and a backslash escapes.
  systemd: (path) =>
    path
      .replaceAll(/["\\]/g, String.raw`\$&`)
      .replaceAll('%', '%%')
      .replaceAll('$', () => '$$'),
  launchd: (path) => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
};
