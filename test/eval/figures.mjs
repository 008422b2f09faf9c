/** A category with fewer labels is shown and not judged. */
const ENOUGH_LABELS = 10;
const PRECISION = 0.95;
const RECALL = 0.9;

/** What was stopped by a person went not wrong: the labels say none. */
const NO_TROUBLE = new Set(['interrupt']);

/** Label and finding of one result; `got` is null when the result is not in the store. */
export function compare(label, result) {
  const category = result?.category ?? 'none';
  return {
    path: label.path,
    callId: label.callId,
    wanted: label.label,
    subtype: label.subtype,
    got: result === null ? null : NO_TROUBLE.has(category) ? 'none' : category,
    ruleId: result?.rule_id ?? '',
    evidence: (result?.evidence ?? '').replaceAll(/\s+/g, ' '),
  };
}

/** Precision and recall of each category over the results that are in the store; none first, then those with most labels. */
export function figures(compared) {
  const known = compared.filter(({ got }) => got !== null);
  const categories = [...new Set(known.flatMap(({ wanted, got }) => [wanted, got]))];
  return categories
    .map((category) => figure(category, known))
    .sort((one, other) => other.labels - one.labels || one.category.localeCompare(other.category));
}

function figure(category, known) {
  const labels = known.filter(({ wanted }) => wanted === category).length;
  const found = known.filter(({ got }) => got === category).length;
  const right = known.filter(({ wanted, got }) => wanted === category && got === category).length;
  const precision = found === 0 ? null : right / found;
  const recall = labels === 0 ? null : right / labels;
  const judged = category !== 'none' && labels >= ENOUGH_LABELS;
  return { category, labels, found, right, precision, recall, passes: judged ? meets(precision, recall) : null };
}

function meets(precision, recall) {
  return precision !== null && precision >= PRECISION && recall >= RECALL;
}

/** The figures as text; a category that is not judged has an empty last column. */
export function table(found) {
  const heads = ['category', 'labels', 'found', 'right', 'precision', 'recall', ''];
  const verdict = { true: 'ok', false: 'below', null: '' };
  const rows = found.map((row) => [
    row.category,
    String(row.labels),
    String(row.found),
    String(row.right),
    ratio(row.precision),
    ratio(row.recall),
    verdict[row.passes],
  ]);
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  return [heads, ...rows].map((cells) => line(cells).trimEnd()).join('\n');
}

function ratio(value) {
  return value === null ? '-' : value.toFixed(3);
}
