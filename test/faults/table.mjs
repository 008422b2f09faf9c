// Tests that ran, told per fault. Pure: no disk, no process.

/**
 * One row an id. `tests` are `{ file, name, ids, state, note }` with state passed, failed or skipped; `bad` rows are those
 * for which the run must fail: a failed test, an id without any test, a skipped test that does not say why.
 */
export function faultRows(catalogue, notApplicable, tests) {
  return [...catalogue].map(([id, what]) => {
    const held = tests.filter(({ ids }) => ids.includes(id));
    const why = notApplicable.get(id);
    const [result, bad] = why !== undefined && held.length === 0 ? [`not applicable: ${why}`, false] : verdict(held);
    return { id, what, result, bad, tests: [...new Set(held.map(({ file, name }) => `${file}: ${name}`))] };
  });
}

function verdict(held) {
  const count = (state) => held.filter((test) => test.state === state).length;
  if (held.length === 0) return ['MISSING', true];
  if (count('failed') > 0) return [`failed (${count('failed')} of ${held.length})`, true];
  const skipped = held.filter(({ state }) => state === 'skipped');
  if (skipped.some(({ note }) => note === '')) return ['skipped without a reason', true];
  const reasons = [...new Set(skipped.map(({ note }) => note))].join('; ');
  if (skipped.length === held.length) return [`skipped: ${reasons}`, false];
  const passed = `passed (${count('passed')})`;
  return [skipped.length === 0 ? passed : `${passed}, ${skipped.length} skipped: ${reasons}`, false];
}

/** The table as text, the tests of an id below it. */
export function faultTable(rows) {
  const width = Math.max(...rows.map(({ what }) => what.length));
  return rows.map(({ id, what, result, tests }) =>
    [`${id.padEnd(4)} ${what.padEnd(width)}  ${result}`, ...tests.map((test) => `       ${test}`)].join('\n'),
  );
}
