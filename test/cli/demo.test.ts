import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import truth from '../../fixtures/demo/truth.json' with { type: 'json' };
import { repository, runCli } from '../helpers/cli.ts';
import { scratchForFile } from '../helpers/scratch.ts';

const machine = scratchForFile();
const demo = join(machine, 'demo');

/** Exit code 3 says that there were data problems: the spliced line is one. */
async function sync(root: string): Promise<void> {
  const { code, stderr } = await runCli(['sync', '--root', root, '--json'], { machine });
  expect({ stderr, isDone: code === 0 || code === 3 }).toEqual({ stderr: '', isDone: true });
}

async function rows(query: string): Promise<unknown> {
  const { code, stdout, stderr } = await runCli(['sql', '--format', 'json', query], { machine });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const byName = (counts: Readonly<Record<string, number>>): unknown =>
  Object.entries(counts).map(([name, n]) => ({ name, n }));

describe('sesh finds in the bundled demo what its stories meant', () => {
  beforeAll(async () => {
    // A copy is a fresh file, so the torn last line is still pending; in an old checkout the file would count as finished.
    cpSync(join(repository, 'fixtures', 'demo', 'projects'), join(demo, 'projects'), { recursive: true });
    await sync(demo);
  });

  it('each session with its prompts, calls, tokens, cost and time', async () => {
    const found = await rows(`
      select session_id, project, title, git_branch, agent_version,
        strftime(started_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as started_at,
        strftime(ended_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as ended_at,
        round(wall_s, 3)::double as wall_s, round(active_s, 3)::double as active_s,
        round(active_capped_s, 3)::double as active_capped_s, gaps::integer as gaps,
        prompts::integer as prompts, tool_calls::integer as tool_calls,
        rejections::integer as rejections, interrupts::integer as interrupts,
        input_tokens::integer as input_tokens, output_tokens::integer as output_tokens,
        cache_read_tokens::integer as cache_read_tokens,
        cache_write_5m_tokens::integer as cache_write_5m_tokens,
        cache_write_1h_tokens::integer as cache_write_1h_tokens,
        round(cost_usd * 1e6)::integer as cost_usd_micros
      from sessions order by started_at`);
    const { by_session: expected } = truth;
    expect(found).toEqual(
      expected.map(
        ({
          name: _name,
          responses: _r,
          slash_commands: _s,
          compactions: _c,
          api_retries: _a,
          api_failures: _f,
          ...row
        }) => row,
      ),
    );
  });

  it('one row a model response, with the list price', async () => {
    const { responses, input_tokens, output_tokens, cache_read_tokens, cost_usd_micros } = truth.totals;
    const { cache_write_5m_tokens, cache_write_1h_tokens } = truth.totals;
    const found = await rows(`
      select count(*)::integer as responses,
        sum(input_tokens)::integer as input_tokens, sum(output_tokens)::integer as output_tokens,
        sum(cache_read_tokens)::integer as cache_read_tokens,
        sum(cache_write_5m_tokens)::integer as cache_write_5m_tokens,
        sum(cache_write_1h_tokens)::integer as cache_write_1h_tokens,
        round(sum(cost_usd) * 1e6)::integer as cost_usd_micros
      from model_usage where model like 'claude-%'`);
    expect(found).toEqual([
      {
        responses,
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_5m_tokens,
        cache_write_1h_tokens,
        cost_usd_micros,
      },
    ]);
  });

  it('compactions, interrupts, slash commands and errors of the provider', async () => {
    const { prompts, slash_commands, interrupts, compactions, api_retries, api_failures } = truth.totals;
    const found = await rows(`
      select
        (count(*) filter (kind = 'prompt'))::integer as prompts,
        (count(*) filter (kind = 'meta' and subtype = 'command'))::integer as slash_commands,
        (count(*) filter (kind = 'interrupt'))::integer as interrupts,
        (count(*) filter (kind = 'system' and subtype = 'compaction'))::integer as compactions,
        (count(*) filter (kind = 'api_error' and subtype = 'retry'))::integer as api_retries,
        (count(*) filter (kind = 'api_error' and subtype <> 'retry'))::integer as api_failures,
        (count(*) filter (kind = 'unknown'))::integer as unknown_records
      from events`);
    const expected = { prompts, slash_commands, interrupts, compactions, api_retries, api_failures };
    expect(found).toEqual([{ ...expected, unknown_records: truth.unknown_records }]);
  });

  it('calls by tool', async () => {
    const found = await rows('select tool_name as name, count(*)::integer as n from tool_calls group by 1 order by 1');
    expect(found).toEqual(byName(truth.tools));
  });

  it('results by outcome', async () => {
    const found = await rows(`
      select outcome as name, count(*)::integer as n
      from events where kind = 'tool_result' group by 1 order by 1`);
    expect(found).toEqual(byName(truth.outcomes));
  });

  it("the sub-agent's calls in a thread of its own", async () => {
    const found = await rows(`
      select session_id, thread_id, count(*)::integer as tool_calls
      from events where kind = 'tool_call' and thread_id <> 'main' group by 1, 2`);
    expect(found).toEqual(truth.subagents);
  });

  it('one run a command', async () => {
    expect(await rows('select count(*)::integer as n from command_runs')).toEqual([{ n: truth.command_runs.all }]);
  });

  it('the progress reports of a command as one run, with its elapsed time and never their sum', async () => {
    const found = await rows(`
      select session_id, command, updates::integer as updates, elapsed_s::double as elapsed_s,
        round(duration_s, 3)::double as duration_s, outcome, exit_code::integer as exit_code
      from command_runs where updates > 0 order by started_at`);
    const expected = truth.command_runs.with_progress;
    expect(found).toEqual(expected);
    expect(expected.filter(({ elapsed_s }) => elapsed_s === 412)).toEqual([
      expect.objectContaining({ updates: 83, duration_s: 412.63 }),
    ]);
  });

  it('no event twice, although a fork repeats another session', async () => {
    const found = await rows(`
      select (count(*) - count(distinct event_id))::integer as doubled,
        (select sum(duplicates) >= ${truth.copied_records} from ingest_ledger) as counted
      from events`);
    expect(found).toEqual([{ doubled: 0, counted: true }]);
  });

  it('every line as a record, a salvaged one or a pending tail', async () => {
    const { files, lines, records, salvaged, quarantined, blank, pending_bytes } = truth.files;
    const found = await rows(`
      select count(*)::integer as files, sum(lines)::integer as lines, sum(records)::integer as records,
        sum(salvaged)::integer as salvaged, sum(quarantined)::integer as quarantined, sum(blank)::integer as blank,
        sum(pending_bytes)::integer as pending_bytes
      from ingest_ledger`);
    expect(found).toEqual([{ files, lines, records, salvaged, quarantined, blank, pending_bytes }]);
  });

  it('every planted incident', async () => {
    const planted = truth.planted_friction.map(({ session_id, category }) => `('${session_id}', '${category}')`);
    const missing = await rows(`
      with planted as (
        select session_id, category, count(*) as n
        from (values ${planted.join(', ')}) as told(session_id, category) group by all
      ),
      found as (select session_id, category, count(*) as n from friction group by all)
      select session_id, category from planted left join found using (session_id, category)
      where coalesce(found.n, 0) < planted.n order by all`);
    expect(missing).toEqual([]);
  });

  it('nothing more in a backup of the same files', async () => {
    const before = await rows('select count(*)::integer as n from events');
    const backup = join(machine, 'backup');
    cpSync(demo, backup, { recursive: true });
    await sync(backup);
    expect(await rows('select count(*)::integer as n from events')).toEqual(before);
  });
});
