// `npm run bench -- --compare`: what changed between the two newest saved runs of each size.

import { existsSync, readFileSync } from 'node:fs';
import { align, seconds } from './budget.mjs';

const figuresOf = ({ firstSync, noChange, grown, commands, cold = {} }) => ({
  'first sync': firstSync,
  'sync, nothing new': noChange,
  'sync, 10 files grew': grown,
  ...commands,
  ...Object.fromEntries(Object.entries(cold).map(([name, figure]) => [`${name}, cold`, figure])),
});

/** Tables as text, one a size; a sentence where there is nothing to compare. */
export function comparison(path) {
  const runs = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).map(JSON.parse) : [];
  const sizes = [...new Set(runs.map(({ mb }) => mb))].toSorted((a, b) => a - b);
  const tables = sizes.flatMap((mb) => {
    const [before, after] = runs.filter((run) => run.mb === mb).slice(-2);
    return after === undefined ? [] : [`${mb} MB: ${nameOf(before)} -> ${nameOf(after)}\n${table(before, after)}`];
  });
  return tables.length > 0 ? tables.join('\n\n') : 'No size has two saved runs: `npm run bench -- --save` saves one.';
}

function nameOf({ date, commit, dirty }) {
  return `${date.slice(0, 10)} ${commit.slice(0, 8)}${dirty ? ' (changed)' : ''}`;
}

/** Processor time beside wall time: on a busy machine only the former can be compared. */
function table(before, after) {
  const [old, now] = [figuresOf(before), figuresOf(after)];
  const lines = Object.keys(now)
    .filter((name) => old[name] !== undefined)
    .map((name) => [
      name,
      ...['medianS', 'cpuS'].flatMap((figure) => [
        shown(old[name][figure]),
        shown(now[name][figure]),
        change(old[name][figure], now[name][figure]),
      ]),
    ]);
  return align([['', 'time', 'now', 'change', 'cpu', 'now', 'change'], ...lines]);
}

function shown(value) {
  return value === null ? '-' : seconds(value);
}

function change(before, after) {
  if (before === null || after === null) return '-';
  const percent = Math.round((after / before - 1) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
