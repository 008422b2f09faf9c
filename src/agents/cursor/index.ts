import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never } from '../capabilities.ts';
import { cursorHintFor, recogniseCursor } from './recognise.ts';
import { recogniseCursorRecords } from './records.ts';
import { cursorRoots } from './roots.ts';

const onlyInDatabase = "the transcripts leave them out, and Cursor's databases are not read";

export const cursor: Agent = {
  id: agentId('cursor'),
  title: 'Cursor',
  providers: ['anthropic', 'openai', 'google', 'x-ai'],
  capabilities: {
    times: never(onlyInDatabase),
    tokens: never(onlyInDatabase),
    cost: never(onlyInDatabase),
    exit_codes: never(onlyInDatabase),
    durations: never(onlyInDatabase),
    sub_agents: known,
  },
  localTimes: false,
  roots: cursorRoots,
  recognise: recogniseCursor,
  hintFor: cursorHintFor,
  recogniseRecords: recogniseCursorRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
