/** The rows of fixtures/friction-labels.csv: RFC 4180, with a header. */
export function parseLabels(text) {
  const [header, ...rows] = text.trimEnd().split(/\r?\n/).map(cells);
  return rows.map((row) => {
    const field = (name) => row[header.indexOf(name)];
    return { path: field('path'), callId: field('call_id'), label: field('label'), subtype: field('subtype') };
  });
}

function cells(line) {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^",]*)(?:,|$)/g)]
    .map(([, cell]) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
    .slice(0, 6);
}

/**
 * The call that a label means: `x#2` is the second call of its file that was written as `x`. Readers put the message's id
 * before an id that comes again.
 */
export function calledIn(calls, callId) {
  const [, id, place] = /^(.*?)(?:#(\d+))?$/s.exec(callId);
  const written = calls.filter((call) => call.call_id === id || call.call_id.endsWith(`/${id}`));
  return written[Number(place ?? 1) - 1] ?? null;
}
