-- What the transcripts of each agent can tell. A figure that needs what an agent does not tell is null, never 0.
-- grain: one row per agent and capability
-- key: agent, capability
-- reads: seeds.agent_capabilities
-- columns:
--   agent: the agent that writes the transcripts
--   capability: times (of single events), tokens, cost (the agent's own), exit_codes, durations (of calls), sub_agents
--   known: `yes`: every session tells; `some`: depends on version or use; `no`: none does
--   why: why it may be unknown; null where every session tells
select agent, capability, known, why
from seeds.agent_capabilities
