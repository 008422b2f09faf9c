// The budget table of the design, for 1 GB in about 4,000 files on two cores: what must be reached, and what we want.

export const BUDGET_MB = 1024;

export const seconds = (value) => (value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`);
const megabytes = (value) => `${Math.round(value)} MB`;
const ratio = (value) => value.toFixed(3);

/** Rows of the table: where the figure is found, and its bar and goal. */
const rows = [
  { name: 'first sync', figure: ({ firstSync }) => firstSync.medianS, bar: 8, goal: 3, unit: seconds },
  { name: 'first sync, memory', figure: ({ firstSync }) => firstSync.rssMb, bar: 700, goal: 400, unit: megabytes },
  { name: 'sync, nothing new', figure: ({ noChange }) => noChange.medianS, bar: 0.5, goal: 0.2, unit: seconds },
  { name: 'sync, 10 files grew', figure: ({ grown }) => grown.medianS, bar: 1, goal: 0.4, unit: seconds },
  { name: 'stats', figure: ({ commands }) => commands.stats.medianS, bar: 0.4, goal: 0.1, unit: seconds },
  {
    name: 'sessions --limit 20',
    figure: ({ commands }) => commands.sessions.medianS,
    bar: 0.4,
    goal: 0.2,
    unit: seconds,
  },
  { name: 'sql count of friction', figure: ({ commands }) => commands.sql.medianS, bar: 0.4, goal: 0.2, unit: seconds },
  { name: 'report of a day', figure: ({ commands }) => commands.report.medianS, bar: 2, goal: 0.5, unit: seconds },
  { name: 'store / source', figure: ({ storeRatio }) => storeRatio, bar: 0.25, goal: 0.12, unit: ratio },
  { name: 'the same after vacuum', figure: ({ vacuumedRatio }) => vacuumedRatio, bar: 0.25, goal: 0.12, unit: ratio },
];

function verdict(value, { bar, goal }) {
  if (value <= goal) return 'goal';
  return value <= bar ? 'bar' : 'MISSED';
}

/** The table as text; a verdict only at the size that the budget speaks of. */
export function budgetTable(figures) {
  const isBudgetSize = figures.mb === BUDGET_MB;
  const cells = rows.map((row) => {
    const value = row.figure(figures);
    const shown = value === null ? 'not measured' : row.unit(value);
    const reached = value === null || !isBudgetSize ? '-' : verdict(value, row);
    return [row.name, shown, row.unit(row.bar), row.unit(row.goal), reached];
  });
  return align([['what', 'measured', 'bar', 'goal', 'reached'], ...cells]);
}

/** How many times as long as the peer each of our commands takes. */
export function peerTable({ firstSync, noChange, grown, commands, peer }) {
  const ours = {
    'first sync': firstSync,
    'sync, nothing new': noChange,
    'sync, 10 files grew': grown,
    stats: commands.stats,
  };
  const line = (name, { medianS, rssMb }) => [
    name,
    seconds(medianS),
    `${(medianS / peer.medianS).toFixed(2)} x`,
    rssMb === null ? '-' : megabytes(rssMb),
  ];
  const lines = Object.entries(ours).map(([name, figure]) => line(name, figure));
  return align([['', 'time', 'of ccusage', 'memory'], line(peer.version, peer), ...lines]);
}

/** Processor seconds that each run takes for a gigabyte of transcripts, by size: a line that rises is not linear. */
export function growthTable(all) {
  const rowsOf = ({ firstSync, noChange, grown, commands }) => ({
    'first sync': firstSync,
    'sync, nothing new': noChange,
    'sync, 10 files grew': grown,
    ...commands,
  });
  const names = Object.keys(rowsOf(all[0]));
  const cost = (figures, name) => {
    const { cpuS, rssMb } = rowsOf(figures)[name];
    return cpuS === null ? '-' : `${(cpuS / (figures.sourceBytes / 1e9)).toFixed(2)} s, ${Math.round(rssMb)} MB`;
  };
  const lines = names.map((name) => [name, ...all.map((figures) => cost(figures, name))]);
  return align([['cpu per GB, memory', ...all.map(({ mb }) => `${mb} MB`)], ...lines]);
}

export function timesTable({ firstSync, noChange, grown, commands, cold, peers }) {
  const named = (figures, note) =>
    Object.fromEntries(Object.entries(figures).map(([name, figure]) => [`${name}${note}`, figure]));
  const all = {
    'first sync': firstSync,
    'sync, nothing new': noChange,
    'sync, 10 files grew': grown,
    ...commands,
    ...named(cold, ', cold'),
    ...named(peers, ' (peer)'),
  };
  const lines = Object.entries(all).map(([name, it]) => [
    name,
    ...[it.medianS, it.minS, it.maxS].map(seconds),
    it.cpuS === null ? '-' : seconds(it.cpuS),
    it.rssMb === null ? '-' : megabytes(it.rssMb),
    String(it.runs),
  ]);
  return align([['', 'median', 'min', 'max', 'cpu', 'memory', 'runs'], ...lines]);
}

export function align(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  return table
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
    )
    .join('\n');
}
