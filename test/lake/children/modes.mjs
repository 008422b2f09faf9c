// Makes one file with each function that writes. Arguments: folder of the compiled project, folder, umask.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project, folder, umask] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const files = await import(pathToFileURL(join(project, 'src/lake', 'files.js')).href);
await files.makeDirectory(join(folder, 'made'));
await files.makeDirectory(join(folder, 'made', 'deep'));
await files.writeFileDurably(join(folder, 'durable'), '1');
await files.writeFileIfAbsent(join(folder, 'absent'), '1');
await files.writeCacheFile(join(folder, 'cache'), '1');
await files.appendLine(join(folder, 'line'), '1');
writeFileSync(join(folder, 'foreign'), '1', { mode: 0o644 });
await files.adoptFile(join(folder, 'foreign'), join(folder, 'made', 'adopted'));
