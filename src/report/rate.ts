/** How a rate differs from the window before by more than chance. */
export type ChangeKind = 'new' | 'gone' | 'more' | 'less';

/** A rate with its 95 % interval, and the rate of the window before; null where the denominator is 0 or not known. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly before: number | null;
}

export interface Rate {
  readonly name: string | null;
  readonly people: number;
  readonly sessions: number;
  readonly tool_calls: number;
  readonly active_s: number | null;
  /** Whatever was fixed. */
  readonly incidents: number;
  readonly incidents_before: number | null;
  readonly per_session: Estimate;
  readonly per_100_calls: Estimate;
  /** Of the sessions whose times are known. */
  readonly per_active_hour: Estimate;
  /** Per tool call, beside the window before; null where chance can explain it. */
  readonly change: ChangeKind | null;
}

/** A category, with what is left of it when incidents that a fix explains are taken away. */
export interface CategoryRate extends Rate {
  readonly name: string;
  readonly live_incidents: number;
  readonly live_per_100_calls: number | null;
  readonly live_per_active_hour: number | null;
}

export interface Rates {
  readonly all: Rate | null;
  /** Every category that there are rules for. */
  readonly categories: readonly CategoryRate[];
  readonly projects: readonly Rate[];
  readonly agents: readonly Rate[];
  readonly models: readonly Rate[];
  /** In the order of the names; empty for fewer than five people, except at `full`. */
  readonly people: readonly Rate[];
  readonly hours: readonly Rate[];
}
