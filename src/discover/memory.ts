import type { Member } from '../read/members.ts';

/** What a database held when it was last looked into: it is opened again only when it or its log changed. */
export interface MemberMemory {
  /** `state` stands for size and time of the database's files; null when they changed since, or nothing is known. */
  readonly recall: (path: string, state: string) => readonly Member[] | null;
  readonly keep: (path: string, state: string, members: readonly Member[]) => void;
}
