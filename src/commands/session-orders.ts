import { tokenColumns } from './cells.ts';

/** What `--sort` names; the values are ours, never the person's. */
export const sessionOrders: Readonly<Record<string, string>> = {
  started: 'started_at',
  ended: 'ended_at',
  active: 'active_s',
  wall: 'wall_s',
  cost: 'cost_usd',
  tokens: tokenColumns.map((name) => `coalesce(${name}, 0)`).join(' + '),
  prompts: 'prompts',
  calls: 'tool_calls',
  errors: 'tool_errors',
};
