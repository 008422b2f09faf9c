import * as fc from 'fast-check';
import type { Window } from '../../src/core/window.ts';
import { steps } from '../../src/rehearsal/step.ts';
import { lineOf, type Line } from './lines.ts';
import { Machine } from './machine.ts';
import { meaningsOf } from './model.ts';
import type { LawRecord } from './records.ts';
import { scriptsOf, type Session } from './worlds.ts';

/** What happens to a file; its number is taken modulo the number of files. */
type FileStep =
  | { readonly do: 'grow'; readonly file: number; readonly lines: number; readonly isUnterminated: boolean }
  | { readonly do: 'tear'; readonly file: number; readonly bytes: number }
  | { readonly do: 'back_up' | 'touch' | 'remove' | 'move'; readonly file: number }
  | { readonly do: 'cut'; readonly file: number; readonly lines: number }
  | { readonly do: 'rewrite'; readonly file: number; readonly viaRename: boolean; readonly sameUuids: boolean }
  | { readonly do: 'recreate' | 'chmod'; readonly file: number };

/** What may happen on a machine. */
export type Step =
  | FileStep
  | { readonly do: 'rest' }
  | { readonly do: 'sync' }
  | { readonly do: 'sync_full' }
  | { readonly do: 'sync_window'; readonly day: number }
  | { readonly do: 'clock'; readonly hours: number }
  | { readonly do: 'fail'; readonly step: string; readonly at: number };

const file = fc.nat(11);
const grow: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('grow' as const),
  file,
  lines: fc.integer({ min: 1, max: 9 }),
  isUnterminated: fc.boolean(),
});
const tear: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('tear' as const),
  file,
  bytes: fc.integer({ min: 1, max: 60 }),
});
const backUp: fc.Arbitrary<Step> = fc.record({ do: fc.constant('back_up' as const), file });
const touch: fc.Arbitrary<Step> = fc.record({ do: fc.constant('touch' as const), file });
const rest: fc.Arbitrary<Step> = fc.constant({ do: 'rest' as const });
const sync: fc.Arbitrary<Step> = fc.constant({ do: 'sync' as const });
const syncFull: fc.Arbitrary<Step> = fc.constant({ do: 'sync_full' as const });
const syncWindow: fc.Arbitrary<Step> = fc.record({ do: fc.constant('sync_window' as const), day: fc.nat(60) });
const cut: fc.Arbitrary<Step> = fc.record({ do: fc.constant('cut' as const), file, lines: fc.nat(6) });
const rewrite: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('rewrite' as const),
  file,
  viaRename: fc.boolean(),
  sameUuids: fc.boolean(),
});
const gone: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom('remove' as const, 'move' as const), file });

/** Files only ever grow: by whole lines, by parts of lines, by copies. */
export const growth: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { arbitrary: grow, weight: 10 },
    { arbitrary: tear, weight: 2 },
    { arbitrary: backUp, weight: 2 },
    { arbitrary: touch, weight: 1 },
    { arbitrary: rest, weight: 1 },
    { arbitrary: sync, weight: 4 },
    { arbitrary: syncFull, weight: 1 },
    { arbitrary: syncWindow, weight: 1 },
  ),
  { minLength: 4, maxLength: 16 },
);

/** Anything but a window: files are also cut, rewritten, moved and removed. */
export const upheaval: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { arbitrary: grow, weight: 10 },
    { arbitrary: tear, weight: 2 },
    { arbitrary: backUp, weight: 2 },
    { arbitrary: touch, weight: 1 },
    { arbitrary: rest, weight: 1 },
    { arbitrary: cut, weight: 2 },
    { arbitrary: rewrite, weight: 4 },
    { arbitrary: gone, weight: 2 },
    { arbitrary: sync, weight: 5 },
    { arbitrary: syncFull, weight: 1 },
  ),
  { minLength: 6, maxLength: 16 },
);

const recreate: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom('recreate' as const, 'chmod' as const), file });
const clock: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('clock' as const),
  hours: fc.constantFrom(-2, 1, 30, 8760),
});
/** A sync that ends half-way, as a kill ends it but in this process. */
const fail: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('fail' as const),
  step: fc.constantFrom(...steps.filter((step) => !step.startsWith('mkdir')), 'read:before' as const),
  at: fc.integer({ min: 1, max: 6 }),
});

/** All of `upheaval`, and files made anew, changed rights, a clock that jumps, syncs that fail half-way. */
export const disaster: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { arbitrary: grow, weight: 10 },
    { arbitrary: tear, weight: 2 },
    { arbitrary: backUp, weight: 2 },
    { arbitrary: touch, weight: 1 },
    { arbitrary: rest, weight: 1 },
    { arbitrary: cut, weight: 2 },
    { arbitrary: rewrite, weight: 4 },
    { arbitrary: recreate, weight: 2 },
    { arbitrary: gone, weight: 2 },
    { arbitrary: clock, weight: 1 },
    { arbitrary: fail, weight: 3 },
    { arbitrary: sync, weight: 3 },
    { arbitrary: syncFull, weight: 1 },
  ),
  { minLength: 4, maxLength: 14 },
);

/** How far a script is written. */
interface Progress {
  readonly path: string;
  lines: readonly Line[];
  written: number;
  /** Bytes of the next line that are there already. */
  torn: number;
  /** The last line has no line feed yet. */
  isOpen: boolean;
}

/** Plays steps on a machine and its store. */
export class Player {
  readonly machine: Machine;
  readonly store: string;
  readonly #files: readonly Progress[];

  constructor(folder: string, sessions: readonly Session[]) {
    const scripts = scriptsOf(sessions);
    this.machine = new Machine(folder, meaningsOf(scripts.flatMap(({ lines }) => lines)));
    this.store = this.machine.newStore();
    this.#files = scripts.map(({ path, lines }) => ({ path, lines, written: 0, torn: 0, isOpen: false }));
  }

  async play(step: Step): Promise<void> {
    const { machine } = this;
    if (step.do === 'rest') machine.rest();
    else if (step.do === 'sync') await machine.sync(this.store);
    else if (step.do === 'sync_full') await machine.sync(this.store, { full: true });
    else if (step.do === 'clock') machine.jump(step.hours);
    else if (step.do === 'fail') await machine.failingSync(this.store, `${step.step}:${step.at}:EIO`);
    else if (step.do === 'sync_window') await machine.sync(this.store, { window: lastDays(step.day) });
    else this.#change(step);
  }

  /** Writes all that is left of all scripts. */
  finish(): void {
    for (const progress of this.#files) {
      if (progress.written < progress.lines.length || progress.isOpen)
        this.#grow(progress, progress.lines.length, false);
    }
  }

  #change(step: FileStep): void {
    const { machine } = this;
    const progress = this.#files[step.file % this.#files.length];
    if (progress === undefined) return;
    const { path } = progress;
    switch (step.do) {
      case 'grow':
        this.#grow(progress, step.lines, step.isUnterminated);
        break;
      case 'tear':
        this.#tear(progress, step.bytes);
        break;
      case 'back_up':
        if (machine.paths().includes(path)) machine.write(`backup/projects/${path}`, machine.read(path));
        break;
      case 'touch':
        machine.touch(path);
        break;
      case 'chmod':
        machine.chmod(path);
        break;
      case 'recreate':
        if (!machine.paths().includes(path)) break;
        machine.remove(path);
        Object.assign(progress, { torn: 0, isOpen: false });
        machine.write(path, textOf(progress.lines.slice(0, progress.written)));
        break;
      case 'remove':
        machine.remove(path);
        Object.assign(progress, { written: 0, torn: 0, isOpen: false });
        break;
      case 'move':
        machine.move(path, path.replace(/^[^/]+/, '-moved'));
        Object.assign(progress, { written: 0, torn: 0, isOpen: false });
        break;
      case 'cut':
        if (!machine.paths().includes(path)) break;
        progress.written = Math.min(progress.written, step.lines);
        Object.assign(progress, { torn: 0, isOpen: false });
        machine.write(path, textOf(progress.lines.slice(0, progress.written)));
        break;
      case 'rewrite':
        if (!machine.paths().includes(path)) break;
        progress.lines = edited(progress.lines, step.sameUuids);
        machine.learn(progress.lines);
        progress.written = Math.min(progress.written, progress.lines.length);
        Object.assign(progress, { torn: 0, isOpen: false });
        machine.write(path, textOf(progress.lines.slice(0, progress.written)), step.viaRename);
    }
  }

  #grow(progress: Progress, lines: number, isUnterminated: boolean): void {
    const next = progress.lines.slice(progress.written, progress.written + lines);
    const rest = textOf(next).subarray(progress.torn);
    // The rest of a torn line always comes with its line feed.
    const isOpen = isUnterminated && progress.torn === 0 && next.at(-1)?.class === 'records';
    const start = progress.isOpen ? '\n' : '';
    this.machine.append(progress.path, Buffer.concat([Buffer.from(start), isOpen ? rest.subarray(0, -1) : rest]));
    Object.assign(progress, { written: progress.written + next.length, torn: 0, isOpen });
  }

  #tear(progress: Progress, bytes: number): void {
    const next = progress.lines[progress.written];
    if (next === undefined || progress.torn > 0 || progress.isOpen) return;
    progress.torn = Math.min(bytes, next.bytes.length);
    this.machine.append(progress.path, next.bytes.subarray(0, progress.torn));
  }
}

export function textOf(lines: readonly Line[]): Buffer {
  return Buffer.concat(lines.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
}

/** Another version of a file: every third line is gone and the prompts say something else, with their uuids or with new ones. */
function edited(lines: readonly Line[], sameUuids: boolean): readonly Line[] {
  const edit = (record: LawRecord): LawRecord => {
    if (record.type !== 'prompt') return record;
    const uuid = sameUuids ? record.uuid : record.uuid.replace(/^./, 'b');
    return { ...record, text: `${record.text} edited`, uuid, forkedFrom: sameUuids ? record.forkedFrom : null };
  };
  return lines
    .filter((_, index) => index % 3 !== 2)
    .map((line) => {
      const [record] = line.records;
      return line.class === 'records' && record !== undefined && line.records.length === 1
        ? lineOf(edit(record))
        : line;
    });
}

function lastDays(day: number): Window {
  return { since: (Date.parse('2026-02-12T00:00:00Z') - day * 86_400_000) * 1000, until: null, anchor: 'activity' };
}
