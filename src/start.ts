import { start } from './commands/start.ts';
import { processWorld } from './commands/world.ts';

process.umask(0o077);
process.exitCode = await start(processWorld());
