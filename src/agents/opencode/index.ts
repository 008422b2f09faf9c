import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { storeAgent } from '../shared/opencode-store/about.ts';
import { opencodeDatabase } from '../shared/opencode-store/database.ts';
import { opencodeStorage } from '../shared/opencode-store/folder.ts';
import { isExport } from '../shared/opencode-store/recognise.ts';
import { isOpencodeDatabase, isOpencodeStorage, opencodeHintFor } from './recognise.ts';
import { opencodeRoots } from './roots.ts';

export const opencode: Agent = {
  ...storeAgent,
  id: agentId('opencode'),
  title: 'OpenCode',
  roots: opencodeRoots,
  hintFor: opencodeHintFor,
  recogniseRecords: isExport,
  collections: [opencodeDatabase(isOpencodeDatabase), opencodeStorage(isOpencodeStorage)],
};
