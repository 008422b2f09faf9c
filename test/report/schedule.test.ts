import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fillTemplate, parseScheduler, printSchedule } from '../../src/report/schedule.ts';

const places = {
  node: '/opt/node 20/bin/node',
  cli: "/opt/o'neill/dist/cli.js",
  home: '/home/alice',
  store: '/home/alice/100%/sesh',
  reports: '/home/alice/<r>&"$x"\\',
};

test.each(['cron', 'systemd', 'launchd'] as const)('the job for %s has no slot left', async (scheduler) => {
  const job = await printSchedule(scheduler, places);
  expect(job).not.toMatch(/@[A-Z]+@/);
  expect(job).not.toContain('undefined');
});

test('the crontab line reads back as the same words, once cron has taken its percent signs (T50)', async () => {
  const job = await printSchedule('cron', places);
  const line = job.split('\n').find((text) => text.startsWith('17 3 * * * ')) ?? '';
  expect(line).not.toMatch(/[^\\]%/);
  const command = line.slice('17 3 * * * '.length).replaceAll('\\%', '%');
  const shown = command.replace('/bin/sh', 'printf "%s\\n" "$HOME" "$SESH_HOME"');
  const words = execFileSync('/bin/sh', ['-c', shown.replace(/^(HOME=\S+) (SESH_HOME=\S+) /, 'export $1 $2; ')], {
    encoding: 'utf8',
  }).split('\n');
  expect(words).toEqual([
    places.home,
    places.store,
    expect.stringMatching(/^\/.*\/jobs\/nightly\.sh$/),
    places.node,
    places.cli,
    '--out',
    places.reports,
    '',
  ]);
});

test('the systemd service quotes paths, and its timer comes with it (T50)', async () => {
  const job = await printSchedule('systemd', places);
  expect(job).toContain(
    String.raw`ExecStart=/usr/bin/env "HOME=/home/alice" "SESH_HOME=/home/alice/100%%/sesh" "/opt/node 20/bin/node" ` +
      String.raw`"/opt/o'neill/dist/cli.js" nightly --out "/home/alice/<r>&\"$$x\"\\"`,
  );
  expect(job).toContain('OnCalendar=');
});

test('the launchd job escapes what XML would obey', async () => {
  expect(await printSchedule('launchd', places)).toContain('<string>/home/alice/&lt;r&gt;&amp;"$x"\\</string>');
});

test.each(['relative/path', '/with\nline feed', ''])('refuses the path %j', (store) => {
  expect(() => fillTemplate('@STORE@', 'cron', { ...places, store, jobs: '/jobs' })).toThrow(/Expected the store path/);
});

test('refuses a scheduler that it does not know', () => {
  expect(() => parseScheduler('at')).toThrow('Expected --print to be cron, systemd or launchd, got "at".');
});
