// Writes THIRD-PARTY.md from package-lock.json (`npm run licences`), or prints it (`--print`): a test holds the file to the lock.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** The packages of a lock file by licence; the same lock gives the same bytes. */
function thirdParty(lockText) {
  const { packages } = JSON.parse(lockText);
  const { '': root, ...installed } = packages;
  const all = Object.entries(installed).map(([path, entry]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version,
    licence: entry.license ?? 'not stated',
    developing: entry.dev === true,
    direct: path.indexOf('node_modules/', 1) < 0 && nameOf(path) in { ...root.dependencies, ...root.devDependencies },
  }));
  return [
    '# Third-party packages',
    'Made by `npm run licences` from `package-lock.json`. Packages that sesh asks for itself are in **bold**; the others come with them.',
    '## What runs',
    table(all.filter(({ developing }) => !developing)),
    '## What only develops and tests',
    table(all.filter(({ developing }) => developing)),
    '',
  ].join('\n\n');
}

const nameOf = (path) => path.replace('node_modules/', '');

function table(packages) {
  const licences = [...new Set(packages.map(({ licence }) => licence))].sort(byText);
  const rows = licences.map((licence) => {
    const names = packages.filter((entry) => entry.licence === licence).map(shown);
    return `| ${licence} | ${[...new Set(names)].sort(byText).join(', ')} |`;
  });
  return ['| licence | packages |', '| --- | --- |', ...rows].join('\n');
}

const byText = (a, b) => (a < b ? -1 : Number(a > b));

function shown({ name, version, direct }) {
  const text = `${name} ${version}`;
  return direct ? `**${text}**` : text;
}

const made = thirdParty(readFileSync(`${repository}/package-lock.json`, 'utf8'));
if (process.argv.includes('--print')) process.stdout.write(made);
else writeFileSync(`${repository}/THIRD-PARTY.md`, made);
