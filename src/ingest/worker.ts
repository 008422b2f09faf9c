import { parentPort, workerData } from 'node:worker_threads';
import { WorkDuck, type WorkOptions } from '../lake/duck.ts';
import { BatchReader } from './batch.ts';
import type { BatchJob } from './job.ts';

/** A thread of `ReaderPool`: batches come in as messages, results go out. */
const port = parentPort;
if (port !== null) {
  // The pool is the only one that starts this file, and it hands over exactly these options.
  const options: WorkOptions = workerData;
  const duck = await WorkDuck.open(options);
  const reader = new BatchReader(duck);
  port.on('message', (batch: BatchJob | 'close') => {
    if (batch === 'close') {
      duck.close();
      port.close();
      return;
    }
    reader.run(batch).then(
      (result) => port.postMessage({ result }),
      (error: unknown) => port.postMessage({ error }),
    );
  });
}
