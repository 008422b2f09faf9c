import { agentId } from '../../core/ids.ts';
import type { Agent } from '../agent.ts';
import { known, never, sometimes } from '../capabilities.ts';
import { qwenHintFor, recogniseQwen, recogniseQwenRecords } from './recognise.ts';
import { qwenRoots } from './roots.ts';

export const qwenCode: Agent = {
  id: agentId('qwen-code'),
  title: 'Qwen Code',
  // The list has no prices of the models' maker; this reseller names some of the models as Qwen Code does.
  providers: ['openrouter'],
  capabilities: {
    times: known,
    tokens: sometimes(
      'requests that leave no line of their own are not counted: titles, and rounds of sub-agents without words',
    ),
    cost: never('Qwen Code writes no cost'),
    exit_codes: sometimes('only the shell tool writes them, and not for commands that were stopped'),
    durations: sometimes('they stand in telemetry lines that name no call; with the wait for permission'),
    sub_agents: sometimes('older versions keep no transcript of sub-agents'),
  },
  localTimes: false,
  roots: qwenRoots,
  recognise: recogniseQwen,
  hintFor: qwenHintFor,
  recogniseRecords: recogniseQwenRecords,
  collections: [],
  loadAdapter: async () => (await import('./adapt.ts')).adapt,
};
