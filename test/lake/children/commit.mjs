// One small run. Arguments: folder of the compiled project, store, label to add, label to remove.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project, ...rest] = process.argv.slice(2);
const { publish } = await import(pathToFileURL(join(project, 'test/lake/helpers/events.js')).href);
await publish(...rest);
