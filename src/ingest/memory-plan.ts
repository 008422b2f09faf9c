/** How the memory of a run is shared out. */
export interface MemoryPlan {
  /** Threads that read. */
  readonly readers: number;
  /** Bytes of transcripts that a reader holds at a time. */
  readonly batchBytes: number;
  /** Bytes of transcripts that become one file of the archive; until it is written they are held about six times. */
  readonly archiveBytes: number;
  /** What each reader's engine may use before it spills. */
  readonly readEngineBytes: number;
  /** What the publisher's engine may use, after the readers are gone. */
  readonly publishEngineBytes: number;
}

const MIB = 1024 ** 2;
/** Node, the program, DuckDB's library, and what the allocators of all three keep: measured. */
const PROGRAM_BYTES = 400 * MIB;
/** A thread with its heap, a batch on its way and the engine's buffers. */
const READER_BYTES = 180 * MIB;
const BATCH_BYTES = 24 * MIB;
const LEAST_BATCH_BYTES = 8 * MIB;
/** A limit, not what is used: an appender that meets it ends the process, and a line may have 128 MB. */
const LEAST_ENGINE_BYTES = 256 * MIB;

/** Fewer readers and smaller batches where memory is short; the events that come out are the same. */
export function planMemory(totalBytes: number, processors: number): MemoryPlan {
  const free = Math.max(0, totalBytes - PROGRAM_BYTES);
  const readers = Math.max(1, Math.min(processors, Math.floor(free / READER_BYTES)));
  const perReader = free / readers;
  return {
    readers,
    batchBytes: Math.floor(Math.min(BATCH_BYTES, Math.max(LEAST_BATCH_BYTES, perReader / 10))),
    archiveBytes: perReader < READER_BYTES ? LEAST_BATCH_BYTES : BATCH_BYTES,
    readEngineBytes: LEAST_ENGINE_BYTES,
    publishEngineBytes: Math.floor(Math.max(LEAST_ENGINE_BYTES, (totalBytes * 2) / 3 - PROGRAM_BYTES / 2)),
  };
}
