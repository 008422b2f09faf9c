import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { judgeActions } from '../../../src/commands/judge/actions.ts';
import { SeshError } from '../../../src/core/errors.ts';
import { asText } from '../../../src/core/json.ts';
import { scratchForFile } from '../../helpers/scratch.ts';
import { syncStore } from '../../helpers/store.ts';
import { answerTo, writeSessions } from '../helpers/checked-sessions.ts';
import { published } from '../helpers/judging.ts';
import { invocationIn } from '../helpers/machine.ts';
import { message, openServer, type FakeServer } from '../helpers/server.ts';

const COUNT = 6;
const directory = scratchForFile();
const store = join(directory, 'store');
let server: FakeServer;

interface Done {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(argument: readonly string[], flags: Readonly<Record<string, unknown>> = {}): Promise<Done> {
  const { invocation, written } = invocationIn({ directory, store }, argument, flags);
  try {
    return { code: await judgeActions(invocation), ...written };
  } catch (error) {
    if (!(error instanceof SeshError)) throw error;
    return { code: `${error.exitCode} ${error.message}`, ...written };
  }
}

const judge = async (model: string, more: object = {}): Promise<Done> =>
  await run([], { 'base-url': server.url, provider: 'anthropic', model, last: String(COUNT), samples: '1', ...more });
const inTable = async (): Promise<number> => (await published(store, ['session_id'])).length;

beforeAll(async () => {
  mkdirSync(join(directory, 'projects'));
  writeSessions(join(directory, 'projects'), COUNT);
  await syncStore({ store, roots: [join(directory, 'projects')] });
  // The model `kind` believes what tests print, `harsh` nothing.
  server = await openServer((seen) => {
    const model = asText(seen.json['model']) ?? '';
    return message(answerTo(seen, model !== 'harsh'), { model });
  });
  return server.close;
}, 60_000);

// One story: each step goes on from the one before.
describe('sesh judge anchors', () => {
  test('has nothing to choose from before a judge has given scores, and says so', async () => {
    expect((await run(['anchors'])).stdout).toContain('No anchor sessions are chosen: every judge counts at once.');
    const none = await run(['anchors'], { pick: true });
    expect(none.code).toBe('2 Expected at least 5 sessions with a score from the newest judge, got 0.');
  });

  test('--pick chooses sessions of the newest judge, sends nothing, and measures the others by it', async () => {
    const first = await judge('kind');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('6 judged; 6 requests, $0.00.\n12 quotes, 12 of them where the answer says.\n');
    const picked = await run(['anchors'], { pick: true });
    expect([picked.code, server.log.length]).toEqual([0, COUNT]);
    expect(picked.stdout).toMatch(
      /^JUDGE +MEASURED +MEAN SHIFT +LARGEST +STATE\nkind p\w{8}-s\w{8}-r[\w-]+ .* first\n/,
    );
    expect(picked.stdout).toContain('6 anchor sessions; a new judge scores them before its verdicts count.');
  });

  test('are in the price that a dry run shows for a new judge, and not for the one that scored them', async () => {
    const known = await judge('kind', { 'dry-run': true });
    expect(known.stdout).not.toContain('anchor');
    const fresh = await judge('harsh', { 'dry-run': true });
    expect(fresh.stdout).toContain('6 anchor sessions come first, because this judge has not scored them');
    expect(server.log).toHaveLength(COUNT);
  });

  test('hold back what a judge says that scores them otherwise, with exit code 3, until --accept', async () => {
    const harsh = await judge('harsh');
    expect([harsh.code, await inTable()]).toEqual([3, COUNT]);
    expect(harsh.stderr).toContain(
      '6 verdicts are held back: this judge does not score the anchor sessions as the one before did',
    );
    expect(server.log).toHaveLength(3 * COUNT);
    const shown = await run(['anchors']);
    expect(shown.code).toBe(3);
    // Four of six sessions fall from 5 to 1.
    expect(shown.stdout).toMatch(/harsh .* -2\.67 +4 +blocked\n/);
    expect(shown.stdout).toContain('`sesh judge anchors --accept` lets it count.');
    const accepted = await run(['anchors'], { accept: true, json: true });
    expect(accepted.code).toBe(0);
    expect(JSON.parse(accepted.stdout)).toMatchObject({
      judges: [{ state: 'first' }, { state: 'accepted', largest_shift: 4 }],
    });
    expect((await judge('harsh')).code).toBe(0);
    expect([await inTable(), server.log.length]).toEqual([2 * COUNT, 3 * COUNT]);
  });
});
