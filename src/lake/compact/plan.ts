/** A file of the archive, as far as its place among the others goes. */
export interface ArchiveFile {
  readonly path: string;
  /** Of the transcripts in it, uncompressed. */
  readonly bytes: number;
  /** As it lies on the disk. */
  readonly sizeBytes: number;
  /** It was written anew before. */
  readonly isDense: boolean;
}

/**
 * Bytes of transcripts that one dense file holds; a file of more stays one. Twice as much makes collected transcripts a tenth smaller, but who
 * reads a store's worth of sources from it takes a tenth longer and 100 MB more.
 */
const DENSE_FILE_BYTES: number = 128 * 1024 * 1024;

/** What a sync leaves is let lie until there is this much of it: what is written anew every night would be written for nothing. */
const WORTH_FILES = 16;
const WORTH_SIZE_BYTES = 4 * 1024 * 1024;

/** Whether a look into the files would find work. Asks nothing but what the log says, so that a night without work starts no engine. */
export function isWorthwhile(fresh: readonly { readonly sizeBytes: number }[]): boolean {
  const sizeBytes = fresh.reduce((total, file) => total + file.sizeBytes, 0);
  return fresh.length >= WORTH_FILES || sizeBytes >= WORTH_SIZE_BYTES;
}

/**
 * Which files become one file each, oldest first. `fresh` are those that syncs wrote, oldest first, `dense` those that were written anew, oldest
 * first: of these, small ones come along, where what joins them is at least as much. So each byte is written anew a few times at most.
 */
export function planGroups(
  fresh: readonly ArchiveFile[],
  dense: readonly ArchiveFile[],
): readonly (readonly ArchiveFile[])[] {
  const joined = [...small(fresh, dense), ...fresh];
  const groups: ArchiveFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of joined) {
    bytes += file.bytes;
    if (bytes > DENSE_FILE_BYTES) {
      groups.push([]);
      ({ bytes } = file);
    }
    groups.at(-1)?.push(file);
  }
  return groups.filter(([first, second]) => second !== undefined || first?.isDense === false);
}

function small(fresh: readonly ArchiveFile[], dense: readonly ArchiveFile[]): readonly ArchiveFile[] {
  let bytes = fresh.reduce((total, file) => total + file.bytes, 0);
  const taken: ArchiveFile[] = [];
  for (const file of dense.toReversed()) {
    if (file.bytes > bytes || file.bytes > DENSE_FILE_BYTES / 2) break;
    taken.unshift(file);
    bytes += file.bytes;
  }
  return taken;
}
