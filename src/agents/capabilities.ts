/** What a transcript may or may not tell, in the order in which people are told about it. */
export const capabilityNames = ['times', 'tokens', 'cost', 'exit_codes', 'durations', 'sub_agents'] as const;

type CapabilityName = (typeof capabilityNames)[number];

/**
 * `yes`: every session tells it. `some`: depends on the version or on how the agent was used. `no`: no session does; figures that
 * need it are null, never 0. `times` are those of single events, `cost` is the agent's own figure, `durations` those of tool calls.
 */
export type Capability =
  | { readonly known: 'yes' }
  /** `why` ends a sentence: "unknown, because ...". */
  | { readonly known: 'some' | 'no'; readonly why: string };

export type Capabilities = Readonly<Record<CapabilityName, Capability>>;

export const known: Capability = { known: 'yes' };

export function sometimes(why: string): Capability {
  return { known: 'some', why };
}

export function never(why: string): Capability {
  return { known: 'no', why };
}
