// npm run faults [-- F04 T10 ...]: runs every test whose title carries an id and prints, for each fault (F), threat (T) and
// property (P), whether it is held. Exit code 1 when a test failed, an id has neither a test nor a line in
// not-applicable.csv, or a test was skipped without saying why (`skip(condition, 'why')`). Ids as arguments narrow the run.

import { startVitest } from 'vitest/node';
import { catalogue, filesWithIds, idsIn, notApplicable, withIds } from './ids.mjs';
import { faultRows, faultTable } from './table.mjs';

const wanted = process.argv.slice(2);
const isWanted = (id) => wanted.length === 0 || wanted.includes(id);

/** A group's ids are those of every test in it. */
function idsOf(test) {
  const titles = [test.name];
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) titles.push(parent.name);
  return titles.flatMap(idsIn);
}

function heldTest(file, test) {
  const result = test.result();
  const state = result.state === 'pending' ? 'failed' : result.state;
  return { file, name: test.fullName, ids: idsOf(test), state, note: result.note ?? '' };
}

async function runTests() {
  const files = filesWithIds().filter(({ titles }) => titles.flatMap(idsIn).some(isWanted));
  const pattern = wanted.length === 0 ? withIds : new RegExp(String.raw`\((?:[FTP]\d+, )*(?:${wanted.join('|')})[,)]`);
  const found = [];
  const errors = [];
  const reporter = {
    onTestModuleCollected: (module) => errors.push(...module.errors()),
    onTestModuleEnd(module) {
      const file = module.relativeModuleId;
      for (const test of module.children.allTests()) if (pattern.test(test.fullName)) found.push(heldTest(file, test));
      errors.push(...module.errors());
      process.stderr.write(`${file}\n`);
    },
    onTestRunEnd: (_modules, unhandled) => errors.push(...unhandled),
  };
  const options = { watch: false, reporters: [reporter], testNamePattern: pattern.source };
  const vitest = await startVitest(
    'test',
    files.map(({ path }) => path),
    options,
  );
  await vitest.close();
  return { found, errors };
}

const { found, errors } = await runTests();
const rows = faultRows(catalogue(), notApplicable(), found).filter(({ id }) => isWanted(id));
console.log(faultTable(rows).join('\n'));
const bad = rows.filter((row) => row.bad);
const counted = ['passed', 'not applicable', 'skipped', 'failed', 'MISSING'].map(
  (word) => `${rows.filter(({ result }) => result.startsWith(word)).length} ${word}`,
);
console.log(`\n${rows.length} ids: ${counted.join(', ')}.`);
for (const error of errors) console.error(error);
if (bad.length > 0) console.log(`Not held: ${bad.map(({ id }) => id).join(', ')}.`);
process.exitCode = bad.length > 0 || errors.length > 0 ? 1 : 0;
