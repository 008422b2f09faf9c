/** A part of a transcript that is too long to be read at once: the numbers of its first and last event. */
export interface Chunk {
  readonly first: string;
  readonly last: string;
  readonly tokens: number;
}

export interface Part {
  readonly alias: string;
  /** A person speaks: the best place to cut before. */
  readonly isTurn: boolean;
  readonly tokens: number;
}

/** Events that two neighbouring chunks share. */
const OVERLAP = 2;

/**
 * How a transcript is cut into parts of at most `limit` tokens: before a person's words where that leaves at least half a part,
 * else where the room ends. Neighbours share two events. A single larger event is a part of its own.
 */
export function chunkPlan(parts: readonly Part[], limit: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let from = 0;
  while (from < parts.length) {
    const full = endOfRoom(parts, from, limit);
    const end = full === parts.length ? full : lastTurn(parts, from, full, limit);
    chunks.push({
      first: parts[from]?.alias ?? '',
      last: parts[end - 1]?.alias ?? '',
      tokens: parts.slice(from, end).reduce((sum, part) => sum + part.tokens, 0),
    });
    if (end === parts.length) break;
    from = Math.max(end - OVERLAP, from + 1);
  }
  return chunks;
}

function endOfRoom(parts: readonly Part[], from: number, limit: number): number {
  let tokens = 0;
  let end = from;
  for (const part of parts.slice(from)) {
    tokens += part.tokens;
    if (tokens > limit && end > from) return end;
    end += 1;
  }
  return end;
}

function lastTurn(parts: readonly Part[], from: number, full: number, limit: number): number {
  let tokens = 0;
  let best = full;
  for (let index = from; index < full; index += 1) {
    if (parts[index]?.isTurn === true && tokens >= limit / 2) best = index;
    tokens += parts[index]?.tokens ?? 0;
  }
  return best;
}
