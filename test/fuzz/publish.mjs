import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { everything } from '../../dist/modules/core/window.js';
import { sync } from '../../dist/modules/ingest/sync.js';
import { settingsOf } from '../../dist/modules/commands/settings.js';
import { withViews } from '../../dist/modules/commands/views.js';

const progress = { stage: () => undefined, total: () => undefined, advance: () => undefined };
const effects = { now: () => Date.UTC(2027, 0, 1) * 1000, env: {}, home: '/nonexistent', platform: 'linux', progress };
const views = [
  'sessions',
  'command_runs',
  'tool_calls',
  'model_usage',
  'friction',
  'daily',
  'retry_loops',
  'error_chains',
];

/** Syncs the files, twice, and asks every view: what one hostile record breaks here, it breaks for all. */
export async function publishAndCheck(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sesh-fuzz-'));
  try {
    const root = path.join(folder, 'root');
    files.forEach(({ name, bytes }, index) => {
      const file = path.join(root, String(index), name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, bytes);
    });
    fs.mkdirSync(root, { recursive: true });
    const storeDir = path.join(folder, 'store');
    const options = {
      storeDir,
      roots: [root],
      agents: [],
      window: everything,
      dryRun: false,
      full: false,
      memoryBytes: 768 * 2 ** 20,
    };
    const first = await sync(options, effects);
    const second = await sync(options, effects);
    const faults = [...first.problems, ...second.problems];
    const moved = second.files.new + second.files.grown + second.files.replaced;
    if (moved > 0) faults.push(`the second sync read ${moved} files again`);
    await withViews({ storeDir, settings: settingsOf(everything, 'UTC') }, async ({ query }) => {
      for (const view of views) await query(`select count(*), count(distinct v) from ${view} v`);
      const broken = await query('select * from checks.no_negative_amounts');
      if (broken.rows.length > 0) faults.push(`negative amounts: ${JSON.stringify(broken.rows[0])}`);
    });
    return faults;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
