import { createRequire } from 'node:module';
import type * as CliProgress from 'cli-progress';
import { formatBytes } from '../core/figures.ts';
import { formatDuration } from '../core/time.ts';
import { visibleLine } from '../core/visible.ts';
import type { ProgressSink } from '../ingest/summary.ts';
import type { Invocation } from './command.ts';

export interface Progress extends ProgressSink {
  /** Takes the bar off the screen; must be called before anything else is printed. */
  readonly stop: () => void;
}

/** A bar on standard error when it is a terminal; else a line per stage with `--verbose`; else silence. */
export function openProgress({ io, flags, terminal }: Invocation): Progress {
  if (io.stderrIsTTY && !flags.flag('json')) return barProgress();
  const note = (name: string): void => terminal.note(`${name} ...`);
  return { ...silence, stage: flags.flag('verbose') ? note : silence.stage };
}

const silence: Progress = { stage: () => {}, total: () => {}, advance: () => {}, stop: () => {} };

function barProgress(): Progress {
  // Only a person at a terminal waits for it to load.
  const cliProgress: typeof CliProgress = createRequire(import.meta.url)('cli-progress');
  const state = { stage: 'Reading', files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 };
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    // A run that is killed must not leave the terminal without its cursor.
    hideCursor: null,
    etaBuffer: 50,
    format: (_options, { progress, eta }) => {
      const done = Math.round(progress * BAR_WIDTH);
      const drawn = `${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}`;
      const volume = `${formatBytes(state.bytes)} of ${formatBytes(state.totalBytes)}`;
      // When all is read, nothing tells how long the rest takes.
      if (state.bytes >= state.totalBytes) return `${state.stage} ${drawn} ${volume}`;
      const seconds = (Date.now() - started) / 1000;
      const rate = state.bytes === 0 ? [] : [`${formatBytes(Math.round(state.bytes / seconds))}/s`];
      const left = Number.isFinite(eta) && eta > 0 ? [`${formatDuration(eta)} left`] : [];
      // A narrow terminal cuts the end off, so what matters least comes last.
      return [
        `${state.stage} ${drawn} ${volume}`,
        ...left,
        ...rate,
        `${state.files} of ${state.totalFiles} files`,
      ].join(', ');
    },
  });
  let started = Date.now();
  let running = false;
  return {
    stage: (name) => {
      state.stage = visibleLine(name);
      if (running) bar.update(state.bytes);
    },
    total: (files, bytes) => {
      Object.assign(state, { files: 0, bytes: 0, totalFiles: files, totalBytes: bytes });
      started = Date.now();
      running = true;
      bar.start(Math.max(bytes, 1), 0);
    },
    advance: (files, bytes) => {
      state.files += files;
      state.bytes += bytes;
      if (running) bar.update(state.bytes);
    },
    stop: () => {
      if (running) bar.stop();
      running = false;
    },
  };
}

const BAR_WIDTH = 24;
