import { LEAST_ENGINE_BYTES, PROGRAM_BYTES } from '../core/memory.ts';

/** How the memory of a run is shared out. */
export interface MemoryPlan {
  /** Threads that read. */
  readonly readers: number;
  /** Bytes of transcripts that a reader holds at a time. */
  readonly batchBytes: number;
  /** What each reader's engine may use before it spills. */
  readonly readEngineBytes: number;
  /** What the publisher's engine may use, after the readers are gone. */
  readonly publishEngineBytes: number;
}

const MIB = 1024 ** 2;
/** A thread with its heap, a batch on its way and the engine's buffers. */
const READER_BYTES = 225 * MIB;
const BATCH_BYTES = 24 * MIB;
const LEAST_BATCH_BYTES = 8 * MIB;

/** Fewer readers and smaller batches where memory is short; the events that come out are the same. */
export function planMemory(totalBytes: number, processors: number): MemoryPlan {
  const free = Math.max(0, totalBytes - PROGRAM_BYTES);
  const readers = Math.max(1, Math.min(processors, Math.floor(free / READER_BYTES)));
  const perReader = free / readers;
  return {
    readers,
    batchBytes: Math.floor(Math.min(BATCH_BYTES, Math.max(LEAST_BATCH_BYTES, perReader / 10))),
    readEngineBytes: Math.floor(Math.max(LEAST_ENGINE_BYTES, perReader / 2)),
    publishEngineBytes: Math.floor(Math.max(LEAST_ENGINE_BYTES, (totalBytes * 2) / 3 - PROGRAM_BYTES / 2)),
  };
}
