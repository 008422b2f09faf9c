// Tries to create the files 0..n-1 as fast as it can; prints 1 for each that it made, 0 for the others.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [project, folder, name, count, startAtMs] = process.argv.slice(2);
const { writeFileIfAbsent } = await import(pathToFileURL(join(project, 'src/lake', 'files.js')).href);
while (Date.now() < Number(startAtMs));
let made = '';
for (let index = 0; index < Number(count); index += 1) {
  made += (await writeFileIfAbsent(join(folder, String(index)), name)) ? '1' : '0';
}
console.log(made);
