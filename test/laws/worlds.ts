import * as fc from 'fast-check';
import { never } from '../../src/core/errors.ts';
import { sessionNumber, uuidNumber } from '../helpers/claude.ts';
import { damaged, lineOf, type Line, type Noise } from './lines.ts';
import { copyOf, type Block, type Counters, type LawRecord } from './records.ts';

/** Everything that a small world will write into one file, in order. */
export interface Script {
  /** Below the root. */
  readonly path: string;
  readonly lines: readonly Line[];
}

interface Turn {
  readonly shape: 'reply' | 'stream' | 'tool' | 'long_tool' | 'queued' | 'still_queued' | 'sub_agent';
  /** From the turn before; below zero the clock was set back. */
  readonly minutes: number;
  readonly tokens: number;
  readonly isSplit: boolean;
  readonly noise: Noise;
}

export interface Session {
  readonly project: number;
  readonly start: string;
  readonly turns: readonly Turn[];
  /** The session begins with this many lines of an earlier one. */
  readonly history: { readonly of: number; readonly records: number; readonly isFork: boolean } | null;
  readonly agentFile: 'none' | 'beside' | 'below';
}

const projects = ['-home-ann-shop', '-srv-jobs', '-home-ann-shop-api'];

/** Before, on and after borders of months, and far from any. */
const starts = ['2026-01-31T23:56:00Z', '2026-02-05T10:00:00Z', '2025-12-31T23:59:30Z', '2026-02-09T20:00:00Z'];

const turn: fc.Arbitrary<Turn> = fc.record({
  shape: fc.constantFrom('reply', 'stream', 'tool', 'long_tool', 'queued', 'still_queued', 'sub_agent'),
  minutes: fc.constantFrom(1, 0, 2, -3, 12, 300),
  tokens: fc.integer({ min: 1, max: 5000 }),
  isSplit: fc.boolean(),
  noise: fc.constantFrom('none', 'blank', 'spaces', 'garbage', 'nul', 'glued', 'cut', 'snapshot', 'mode'),
});

const session: fc.Arbitrary<Session> = fc.record({
  project: fc.nat(projects.length - 1),
  start: fc.constantFrom(...starts),
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  history: fc.option(fc.record({ of: fc.nat(4), records: fc.integer({ min: 1, max: 12 }), isFork: fc.boolean() })),
  agentFile: fc.constantFrom('none', 'beside', 'below'),
});

/** 2 to 5 sessions in 1 to 3 projects, with their sub-agents; kept as a plan, which reads well in a failure. */
export const world: fc.Arbitrary<readonly Session[]> = fc.array(session, { minLength: 2, maxLength: 5 });

export function scriptsOf(sessions: readonly Session[]): readonly Script[] {
  const written: LawRecord[][] = [];
  return sessions.flatMap((spec, number) => {
    const writer = new SessionWriter(spec, number);
    const earlier = spec.history === null ? undefined : written[spec.history.of];
    const history = spec.history === null || earlier === undefined ? [] : writer.repeat(earlier, spec.history);
    const turns = spec.turns.map((each, index) => ({ records: writer.turn(each, index), noise: each.noise }));
    written.push([...history, ...turns.flatMap(({ records }) => records)]);
    const lines = [
      ...history.map(lineOf),
      ...turns.flatMap(({ records, noise }, index) => damaged(records, noise, writer.noiseRecord(noise, index))),
    ];
    const folder = projects[spec.project] ?? '';
    const main = { path: `${folder}/${writer.session}.jsonl`, lines };
    if (spec.agentFile === 'none') return [main];
    const below = spec.agentFile === 'below' ? `${writer.session}/subagents/` : '';
    return [main, { path: `${folder}/${below}agent-${writer.agent}.jsonl`, lines: writer.agentRecords().map(lineOf) }];
  });
}

/** Makes the records of one session; ids hold the numbers of session, turn and line. */
class SessionWriter {
  readonly session: string;
  readonly agent: string;
  readonly #spec: Session;
  readonly #number: number;
  #nextUuid = 0;
  #clockMs: number;

  constructor(spec: Session, number: number) {
    this.session = sessionNumber(number + 1);
    this.agent = `a${number}b2c3d4`;
    this.#spec = spec;
    this.#number = number;
    this.#clockMs = Date.parse(spec.start);
  }

  repeat(records: readonly LawRecord[], history: { readonly records: number; readonly isFork: boolean }): LawRecord[] {
    return records
      .slice(0, history.records)
      .map((record) => copyOf(record, this.session, history.isFork ? this.#uuid() : null));
  }

  turn(turn: Turn, index: number): readonly LawRecord[] {
    this.#clockMs += turn.minutes * 60_000;
    const text = `do step ${this.#number}.${index} – été 🙂`;
    const call: Block = { type: 'call', callId: this.#callId(index), command: 'npm test' };
    const reply: Block = { type: 'text', text: 'done' };
    const result = (): LawRecord => ({
      ...this.#envelope(),
      type: 'result',
      callId: this.#callId(index),
      content: 'ok',
      isError: turn.tokens % 2 === 0,
    });
    switch (turn.shape) {
      case 'reply':
        return [this.#prompt(text), this.#answer([reply], turn, index, turn.tokens, turn.isSplit)];
      case 'stream':
        return [this.#prompt(text), ...this.#stream(turn, index)];
      case 'tool':
        return [
          this.#prompt(text),
          this.#answer([{ type: 'thinking', text: 'hm' }, call], turn, index, turn.tokens, false),
          result(),
        ];
      case 'long_tool':
        return [this.#prompt(text), this.#answer([call], turn, index, 2, false), ...this.#progress(index), result()];
      case 'queued':
        return [this.#enqueue(text), this.#prompt(text), this.#answer([reply], turn, index, turn.tokens, false)];
      case 'still_queued':
        return [this.#enqueue(text), this.#answer([reply], turn, index, turn.tokens, false)];
      case 'sub_agent':
        return [
          this.#answer([call], turn, index, 1, false),
          {
            ...this.#envelope(),
            type: 'agent_progress',
            callId: this.#callId(index),
            agent: this.agent,
            embedded: { uuid: this.#agentUuid(1), message: this.#agentMessage(turn.tokens) },
          },
          result(),
        ];
      default:
        return never(turn.shape);
    }
  }

  /** The sub-agent's own file: its task and one answer, which the session's progress reports may repeat. */
  agentRecords(): readonly LawRecord[] {
    const at = new Date(Date.parse(this.#spec.start) + 30_000).toISOString();
    const envelope = { session: this.session, at, cwd: '/home/ann/shop', agent: this.agent, forkedFrom: null };
    const blocks: readonly Block[] = [{ type: 'text', text: 'found it' }];
    return [
      { ...envelope, uuid: this.#agentUuid(0), type: 'prompt', text: 'look for it' },
      { ...envelope, uuid: this.#agentUuid(1), type: 'answer', blocks, message: this.#agentMessage(77) },
    ];
  }

  noiseRecord(noise: Noise, index: number): LawRecord | null {
    if (noise === 'mode') return { type: 'mode', session: this.session };
    if (noise !== 'snapshot') return null;
    const messageId = uuidNumber((this.#number + 1) * 100_000 + 90_000 + index);
    return { type: 'snapshot', messageId, at: this.#at(), isUpdate: index % 2 === 1 };
  }

  #prompt(text: string): LawRecord {
    return { ...this.#envelope(), type: 'prompt', text };
  }

  #enqueue(text: string): LawRecord {
    return { type: 'enqueue', session: this.session, at: this.#at(), text };
  }

  /** One response over three lines: counters grow, the largest is not the last, and only the last line splits the cache writes. */
  #stream(turn: Turn, index: number): readonly LawRecord[] {
    const line = (block: Block, output: number, isSplit: boolean): LawRecord =>
      this.#answer([block], turn, index, output, isSplit);
    return [
      line({ type: 'thinking', text: 'well' }, 1, false),
      line({ type: 'text', text: 'first' }, turn.tokens + 1, false),
      line({ type: 'text', text: 'second' }, turn.tokens, turn.isSplit),
    ];
  }

  #answer(blocks: readonly Block[], turn: Turn, index: number, output: number, isSplit: boolean): LawRecord {
    const counters: Counters = { input: 10, output, cacheRead: 1000 + index, cacheWrite: turn.tokens % 500 };
    const message = { id: `msg_01abcdefghijklmnop${this.#number}x${index}`, counters, isSplit };
    return { ...this.#envelope(), type: 'answer', blocks, message };
  }

  #progress(index: number): readonly LawRecord[] {
    return [2, 3, 4].map((elapsedS) => ({
      ...this.#envelope(),
      type: 'bash_progress',
      callId: this.#callId(index),
      elapsedS,
    }));
  }

  #agentMessage(output: number) {
    const counters: Counters = { input: 5, output, cacheRead: 0, cacheWrite: 40 };
    return { id: `msg_01agentagentagentag${this.#number}`, counters, isSplit: false };
  }

  #agentUuid(line: number): string {
    return uuidNumber((this.#number + 1) * 100_000 + 80_000 + line);
  }

  #callId(index: number): string {
    return `toolu_01abcdefghijklmn${this.#number}x${index}`;
  }

  #uuid(): string {
    this.#nextUuid += 1;
    return uuidNumber((this.#number + 1) * 100_000 + this.#nextUuid);
  }

  #at(): string {
    this.#clockMs += 1500;
    return new Date(this.#clockMs).toISOString();
  }

  #envelope() {
    return {
      session: this.session,
      uuid: this.#uuid(),
      at: this.#at(),
      cwd: `/home/ann/${this.#spec.project}`,
      agent: null,
      forkedFrom: null,
    };
  }
}
