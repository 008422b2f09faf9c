import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { storeAgent } from '../shared/opencode-store/about.ts';
import { opencodeDatabase } from '../shared/opencode-store/database.ts';
import { opencodeStorage } from '../shared/opencode-store/folder.ts';
import { storeHint } from '../shared/opencode-store/recognise.ts';
import { xdgRoot } from '../shared/places.ts';

export const kiloCli: Agent = {
  ...storeAgent,
  id: agentId('kilo-cli'),
  title: 'Kilo CLI',
  roots: (surroundings) => [xdgRoot(surroundings, 'XDG_DATA_HOME', ['.local', 'share'], 'kilo')],
  hintFor: (path) => storeHint(path, 'kilo'),
  // An export does not say which of the two programs wrote it: it is taken as OpenCode's.
  recogniseRecords: () => false,
  collections: [
    opencodeDatabase((path) => /(?:^|\/)kilo[^/]*\.db$/.test(path)),
    opencodeStorage((folder) => /(?:^|\/)kilo\/storage$/.test(folder) || folder === 'storage'),
  ],
};
