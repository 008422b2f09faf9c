import { runOnce, type Setting } from './helpers/runs.ts';

/** A run in a process of its own, to be killed. Argument: its setting as JSON. */
const setting: Setting = JSON.parse(process.argv[2] ?? '');
await runOnce(setting);
