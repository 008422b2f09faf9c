import { agentId } from '../../../core/ids.ts';
import type { Agent } from '../../agent.ts';
import { known, never, sometimes, type Capability } from '../../capabilities.ts';
import { taskFolders } from './folder.ts';
import type { TaskOwner } from './layout.ts';
import { isTaskDocument, packedTaskFile, taskHintFor, type Dialect } from './recognise.ts';
import { taskRoots } from './roots.ts';

/** What tells one program of the family from the others. */
interface ClineProgram extends TaskOwner {
  readonly id: string;
  readonly title: string;
  /** Whose files carry no name: only programs with types of their own can be told by them. */
  readonly dialect: Dialect | null;
  readonly subAgents: Capability;
}

/** Cline and the programs that were made from it: one folder a task, read alike. */
export function clineTaskAgent(program: ClineProgram): Agent {
  const { dialect } = program;
  return {
    id: agentId(program.id),
    title: program.title,
    providers: ['anthropic', 'openai', 'google', 'x-ai', 'openrouter'],
    capabilities: {
      times: known,
      tokens: sometimes('a request that failed or was stopped may count nothing'),
      cost: sometimes('it is not written for subscriptions and for models without a price'),
      exit_codes: sometimes('only some versions repeat the exit code in what they send to the model'),
      durations: never('nothing tells when a tool began to work'),
      sub_agents: program.subAgents,
    },
    localTimes: false,
    roots: (surroundings) => taskRoots(program, surroundings),
    recognise: (path) => packedTaskFile(path, program),
    hintFor: taskHintFor,
    recogniseRecords: (records) => dialect !== null && isTaskDocument(records, dialect),
    collections: [taskFolders(program)],
    loadAdapter: async () => (await import('./adapt.ts')).adapt,
  };
}
