import { UsageError } from '../core/errors.ts';
import type { Agent } from './agent.ts';
import { amp } from './amp/index.ts';
import { claudeCode } from './claude-code/index.ts';
import { cline } from './cline/index.ts';
import { codex } from './codex/index.ts';
import { copilotCli } from './copilot-cli/index.ts';
import { cursor } from './cursor/index.ts';
import { droid } from './droid/index.ts';
import { geminiCli } from './gemini-cli/index.ts';
import { goose } from './goose/index.ts';
import { gptme } from './gptme/index.ts';
import { kiloCli } from './kilo-cli/index.ts';
import { kiloCode } from './kilo-code/index.ts';
import { opencode } from './opencode/index.ts';
import { pi } from './pi/index.ts';
import { qwenCode } from './qwen-code/index.ts';
import { rooCode } from './roo-code/index.ts';
import { seshGo } from './sesh-go/index.ts';

/** Every agent that sesh can read, in the order in which they are asked whose a file is. */
export const agents: readonly Agent[] = [
  claudeCode,
  codex,
  geminiCli,
  gptme,
  seshGo,
  opencode,
  copilotCli,
  pi,
  qwenCode,
  droid,
  cursor,
  amp,
  cline,
  rooCode,
  kiloCode,
  kiloCli,
  goose,
];

/** Throws on an id that no agent bears. */
export function agentById(id: string): Agent {
  const agent = agents.find((candidate) => candidate.id === id);
  if (agent === undefined) throw new TypeError(`Expected the id of an agent, got "${id}"`);
  return agent;
}

/** The agents that `--agent` names; all when it names none. */
export function agentsNamed(names: readonly string[]): readonly Agent[] {
  const unknown = names.find((name) => !agents.some(({ id }) => id === name));
  if (unknown !== undefined) {
    throw new UsageError(`Expected --agent to be one of ${agents.map(({ id }) => id).join(', ')}, got "${unknown}".`);
  }
  return names.length === 0 ? agents : agents.filter(({ id }) => names.includes(id));
}
