/** Exit codes of every command; only `cli.ts` hands them to the process. */
export const exitCode = {
  ok: 0,
  error: 1,
  usage: 2,
  dataProblems: 3,
  locked: 75,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

interface SeshErrorOptions {
  /** What the person can do next, one sentence. */
  readonly hint?: string;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** An expected failure: its message is written for the person who runs the command, never a trace. */
export class SeshError extends Error {
  override readonly name: string = 'SeshError';
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: SeshErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCode.error;
  }
}

/** The command line is wrong: says what was expected, the value and where. Exit code 2. */
export class UsageError extends SeshError {
  override readonly name = 'UsageError';

  constructor(message: string, hint?: string) {
    super(message, hint === undefined ? { exitCode: exitCode.usage } : { exitCode: exitCode.usage, hint });
  }
}

/** Compile-time proof that a switch over a closed union is complete. */
export function never(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The errno code of a Node system error (`ENOENT`, `EACCES`, ...), or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
