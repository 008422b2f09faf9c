import { BatchService } from '../../helpers/batch-service.ts';
import { FakeClock } from '../../helpers/clock.ts';
import { message, openServer } from '../../helpers/server.ts';
import type { Setting } from './runs.ts';

export type Counts = ReadonlyMap<string, number>;

/** A service that outlives the runs: what it was asked stands in its own log. */
export interface Service {
  readonly url: string;
  /** How often it was asked to judge each session, also when nobody waited for the answer. */
  readonly asked: () => Counts;
  readonly batches: BatchService;
  readonly close: () => Promise<void>;
}

/** Scores differ, so that an answer that went to the wrong session shows. */
const answerTo = (session: string): string => JSON.stringify({ score: 1 + (Number(session.slice(1)) % 5) });
const sessionIn = (text: string): string => /Transcript of (s\d+)\./.exec(text)?.[1] ?? '';

export async function openService({ batch }: Pick<Setting, 'batch'>): Promise<Service> {
  const clock = new FakeClock();
  const batches = new BatchService(clock.now);
  batches.answer = (body) => answerTo(sessionIn(JSON.stringify(body)));
  const ask = ({ text }: { readonly text: string }) => message(answerTo(sessionIn(text)));
  const { url, log, close } = await openServer(batch ? batches.script : ask, clock.now);
  const asked = (): Counts => {
    const requests = batch
      ? batches.made.flatMap((made) => made.requests.map(({ body }) => JSON.stringify(body)))
      : log.map(({ text }) => text);
    return counted(requests.map(sessionIn));
  };
  return { url, asked, batches, close };
}

export function counted(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
