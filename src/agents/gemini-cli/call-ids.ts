/** Ids of tool calls that are unique in a session: `run_shell_command-1` may come again in another message. */
export class CallIds {
  readonly #seen = new Set<string>();

  /** The id as it is written where it is the first of its kind, else with the message's id before it. */
  next(id: string, message: string): string {
    let unique = id;
    for (let count = 1; this.#seen.has(unique); count += 1) {
      unique = count === 1 ? `${message}/${id}` : `${message}/${id}:${count}`;
    }
    this.#seen.add(unique);
    return unique;
  }
}
