import type { SourceHint } from '../agents/agent.ts';
import type { Collection } from '../agents/collection.ts';
import { messageOf } from '../core/errors.ts';
import { OpenCollection, statusOf } from './members.ts';
import { openSource, UnreadableSource, type OpenSource } from './source-file.ts';

/** The path of one session of a collection: unique among sources, and shows the place that it came from. */
export function memberPath(place: string, member: string): string {
  return `${place}#${member}`;
}

/** Opens the sources of one batch; a database is copied once, however many of its sessions the batch reads. */
export class SourceOpener {
  readonly #scratch: string;
  readonly #open = new Map<string, OpenCollection>();

  /** Copies of databases go into `scratch`. */
  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  /** Throws UnreadableSource. */
  open(path: string, hint: SourceHint, collections: readonly Collection[]): OpenSource {
    if (hint.member === null) return openSource(path);
    const place = path.slice(0, path.length - hint.member.length - 1);
    const known = this.#open.get(place) ?? this.#openPlace(place, collections);
    this.#open.set(place, known);
    return known.source(hint.member);
  }

  close(): void {
    for (const collection of this.#open.values()) collection.close();
    this.#open.clear();
  }

  #openPlace(place: string, collections: readonly Collection[]): OpenCollection {
    const kind = kindOf(place);
    const reasons: string[] = [];
    for (const collection of collections.filter((candidate) => candidate.kind === kind)) {
      try {
        return new OpenCollection(place, collection, this.#scratch);
      } catch (error) {
        if (!(error instanceof UnreadableSource)) throw error;
        reasons.push(messageOf(error));
      }
    }
    throw new UnreadableSource(reasons[0] ?? `${place} is no longer a collection of sessions.`);
  }
}

function kindOf(place: string): Collection['kind'] {
  return statusOf(place).isDirectory() ? 'folder' : 'database';
}
