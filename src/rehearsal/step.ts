import { SeshError } from '../core/errors.ts';

/**
 * Every moment around a change on disk: `<what>:<when>`. `before` and `after` stand outside the change, the others inside it:
 * `temp` (the new bytes are safe under a temporary name), `renamed` / `linked` (under their own name, the folder not yet synced),
 * `synced` (the adopted bytes are safe, not yet renamed), `written` (appended, not yet synced).
 */
export const steps = [
  'mkdir:before',
  'mkdir:after',
  'write:before',
  'write:temp',
  'write:renamed',
  'write:after',
  'create:before',
  'create:temp',
  'create:linked',
  'create:after',
  'copy:before', // DuckDB writes a file into tmp
  'copy:after',
  'adopt:before',
  'adopt:synced',
  'adopt:renamed', // once a file
  'adopt:after',
  'append:before',
  'append:written',
  'append:after',
  'remove:before',
  'remove:after',
] as const;

/**
 * The other moments that touch a disk: reading sources, waiting for the disk inside a change, and writing outside the store (a copy
 * of a database while it is read, a folder to spill to, a file that a person asked for).
 */
export const outerSteps = [
  'list:before', // a folder of sources
  'look:before', // size and time of a source
  'open:before',
  'read:before', // each piece of a source
  'sync:file',
  'sync:folder',
  'scratch:before',
  'scratch:after',
  'spill:before',
  'new:before',
  'new:written', // each chunk
  'new:temp',
  'new:linked',
  'new:after',
] as const;

export type Step = (typeof steps)[number] | (typeof outerSteps)[number];

const known: ReadonlySet<string> = new Set([...steps, ...outerSteps]);

const EVERY = 'every';

interface Fault {
  readonly step: string;
  readonly at: number;
  readonly errno: string | null;
}

interface Rehearsal {
  readonly crash: string;
  readonly failure: string;
  readonly faults: readonly Fault[];
  readonly reached: Map<Step, number>;
}

let rehearsal: Rehearsal = { crash: '', failure: '', faults: [], reached: new Map() };

/**
 * Marks a moment of a change on disk, so that tests can stop the program there. `SESH_CRASH_AT=create:temp:2` kills the process
 * the second time that the step is reached, `SESH_CRASH_AT=every` at each step (whoever catches the kill can look at the disk as it would
 * leave it); `SESH_FAIL_AT=write:temp:1:ENOSPC` throws that error instead, and with EXIT in the place of the error the thread ends
 * there. Counts begin anew when either variable changes, and in each thread.
 */
export function step(name: Step): void {
  const crash = process.env['SESH_CRASH_AT'] ?? '';
  const failure = process.env['SESH_FAIL_AT'] ?? '';
  if (rehearsal.crash !== crash || rehearsal.failure !== failure) {
    rehearsal = { crash, failure, faults: plan(crash, failure), reached: new Map() };
  }
  const reached = (rehearsal.reached.get(name) ?? 0) + 1;
  rehearsal.reached.set(name, reached);
  for (const fault of rehearsal.faults) {
    if (fault.step === EVERY || (fault.step === name && fault.at === reached)) strike(fault);
  }
}

/** How often each step was reached in this thread: what a run asked of the disk, for tests that hold it down. */
export function reachedSteps(): Readonly<Partial<Record<string, number>>> {
  return Object.fromEntries(rehearsal.reached);
}

function plan(crash: string, failure: string): readonly Fault[] {
  const faults: Fault[] = [];
  if (crash === EVERY) faults.push({ step: EVERY, at: 0, errno: null });
  else if (crash !== '') faults.push(parseFault('SESH_CRASH_AT', crash, /^([a-z]+:[a-z]+):(\d+)$/));
  if (failure !== '') faults.push(parseFault('SESH_FAIL_AT', failure, /^([a-z]+:[a-z]+):(\d+):([A-Z]+)$/));
  return faults;
}

function parseFault(variable: string, text: string, shape: RegExp): Fault {
  const match = shape.exec(text);
  const name = match?.[1];
  if (name === undefined || !known.has(name)) {
    throw new SeshError(
      `Expected ${variable} to be such as write:temp:1 (with an error name for a failure), got "${text}".`,
    );
  }
  return { step: name, at: Number(match?.[2]), errno: match?.[3] ?? null };
}

function strike(fault: Fault): void {
  if (fault.errno === null) {
    process.kill(process.pid, 'SIGKILL');
    return;
  }
  if (fault.errno === 'EXIT') process.exit(70);
  throw Object.assign(new Error(`${fault.errno}: injected at ${fault.step}`), { code: fault.errno });
}
