/** What each room of src/ may import, beside itself. Whatever is not listed is forbidden. */
const mayImport = {
  core: [],
  // The moments at which tests stop the program.
  rehearsal: ['core'],
  agents: ['core'],
  // How an agent's files become records is part of its contract.
  read: ['core', 'rehearsal', 'agents/(agent|collection)[.]ts$'],
  // Content is sniffed where the path does not tell whose file it is, so discover reads first records.
  discover: ['core', 'rehearsal', 'agents', 'read'],
  lake: ['core', 'rehearsal'],
  // The conductor of a sync; the lake never imports it back.
  ingest: ['core', 'discover', 'read', 'agents', 'lake'],
  // Views only read the store: the list of columns, the engine, and the files that the log names.
  views: ['core', 'rehearsal', 'lake/(schema|duck|engine-settings|files|sealed|evolution)[.]ts$'],
  // Where a command came from: reads a project's files as sources are read.
  provenance: ['core', 'read/source-file[.]ts$'],
  // The register of fixes: text in, fixes out; the time of a commit from git.
  fixes: ['core'],
  report: ['core', 'views', 'lake/files[.]ts$'],
  judge: ['core', 'views', 'lake/files[.]ts$'],
  commands: ['core', 'discover', 'read', 'agents', 'ingest', 'lake', 'views', 'fixes', 'provenance', 'report', 'judge'],
};

const rooms = Object.keys(mayImport);
const pathOf = (target) => (target.endsWith('$') ? `^src/${target}` : `^src/${target}/`);

const directions = rooms.map((room) => ({
  name: `direction-${room}`,
  comment: `src/${room} may import only: ${[room, ...mayImport[room]].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: [room, ...mayImport[room]].map(pathOf) },
}));

const packageOnlyFrom = (name, packages, places) => ({
  name: `package-${name}`,
  comment: `${packages} may be imported only from ${places}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: places },
  to: { path: `^(node_modules/)?(${packages})(/|$)` },
});

export default {
  forbidden: [
    ...directions,
    {
      name: 'direction-entry',
      comment: 'The command line only wires commands; what it computes belongs into a room.',
      severity: 'error',
      from: { path: '^src/(cli|start)[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/commands/', '^src/core/', '^src/cli[.]ts$'] },
    },
    {
      name: 'agents-apart',
      comment: 'An agent knows no other agent: what several share lies in shared.',
      severity: 'error',
      from: { path: '^src/agents/([^/]+)/' },
      to: { path: '^src/agents/[^/]+/', pathNot: ['^src/agents/$1/', '^src/agents/shared/'] },
    },
    {
      name: 'core-is-pure',
      comment: 'core knows no disk, no network and no other process.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|http|https|net|child_process|worker_threads|os)(/|$)' },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-package',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    packageOnlyFrom('model-sdk', '@anthropic-ai/sdk|openai', '^src/judge/'),
    packageOnlyFrom('queue', 'p-queue', '^src/(judge|ingest)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
