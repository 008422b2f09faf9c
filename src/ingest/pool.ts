import { Worker } from 'node:worker_threads';
import { packageRoot } from '../core/package-root.ts';
import { WorkDuck, type WorkOptions } from '../lake/duck.ts';
import { BatchReader } from './batch.ts';
import type { BatchJob, BatchResult } from './job.ts';

/** Below this a second thread costs more than it saves (a worker and its DuckDB start in about 150 ms). */
const THREADS_FROM_BYTES = 16 * 1024 * 1024;

export interface PoolOptions extends WorkOptions {
  /** Most threads to read with. */
  readonly readers: number;
  /** An engine that is there already: what one thread reads alone needs no second one. */
  readonly engine: WorkDuck | null;
}

interface BatchRunner {
  run(batch: BatchJob): Promise<BatchResult>;
  close(): Promise<void>;
}

/** Runs batches side by side, in worker threads when there is enough to read; results come in the order of the batches. */
export async function runBatches(
  batches: readonly BatchJob[],
  options: PoolOptions,
  heard: (result: BatchResult) => void,
): Promise<readonly BatchResult[]> {
  const bytes = batches.flatMap(({ jobs }) => jobs).reduce((total, job) => total + job.expectedBytes, 0);
  const readers = bytes < THREADS_FROM_BYTES ? 1 : Math.min(options.readers, batches.length);
  const runners = await Promise.all(
    Array.from({ length: readers }, async () =>
      readers === 1 ? await hereRunner(options) : new ThreadRunner(options),
    ),
  );
  const results: BatchResult[] = [];
  const queue = [...batches];
  const work = async (runner: BatchRunner): Promise<void> => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const result = await runner.run(batch);
      heard(result);
      results.push(result);
    }
  };
  try {
    await Promise.all(runners.map(work));
  } finally {
    await Promise.all(runners.map((runner) => runner.close()));
  }
  return results.sort((a, b) => a.index - b.index);
}

async function hereRunner(options: PoolOptions): Promise<BatchRunner> {
  const { engine } = options;
  const duck = engine ?? (await WorkDuck.open(options));
  const reader = new BatchReader(duck);
  return {
    run: async (batch) => await reader.run(batch),
    close: async () => {
      if (engine === null) duck.close();
      return await Promise.resolve();
    },
  };
}

type Reply =
  { readonly result: BatchResult; readonly error?: never } | { readonly error: unknown; readonly result?: never };

class ThreadRunner implements BatchRunner {
  readonly #worker: Worker;
  /** Settled for good when the thread ends, so that nobody waits for the end of a thread that is gone. */
  readonly #ended: Promise<unknown>;

  constructor(options: WorkOptions) {
    const { threads, memoryBytes, folder, spillDirectory } = options;
    this.#worker = new Worker(workerFile(), { workerData: { threads, memoryBytes, folder, spillDirectory } });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', resolve);
    });
  }

  async run(batch: BatchJob): Promise<BatchResult> {
    return await new Promise((resolve, reject) => {
      const settle = (): void => {
        this.#worker.off('message', onMessage);
        this.#worker.off('error', onError);
        this.#worker.off('exit', onExit);
      };
      const onMessage = (reply: Reply): void => {
        settle();
        if (reply.result === undefined) reject(asError(reply.error));
        else resolve(withOwnJobs(reply.result, batch));
      };
      const onError = (error: unknown): void => {
        settle();
        reject(asError(error));
      };
      const onExit = (code: number): void => {
        settle();
        reject(new Error(`A reading thread ended with code ${code}.`));
      };
      this.#worker.on('exit', onExit);
      this.#worker.on('message', onMessage);
      this.#worker.on('error', onError);
      this.#worker.postMessage(batch);
    });
  }

  async close(): Promise<void> {
    this.#worker.postMessage('close');
    await this.#ended;
  }
}

/** The jobs came back as copies, which would be kept to the end of the run beside those that were sent. */
function withOwnJobs({ outcomes, ...result }: BatchResult, { jobs }: BatchJob): BatchResult {
  return { ...result, outcomes: outcomes.map((outcome, index) => ({ ...outcome, job: jobs[index] ?? outcome.job })) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Node runs the compiled worker only, also when a test runs this module from its source. */
function workerFile(): URL {
  return new URL('dist/worker.js', packageRoot);
}
