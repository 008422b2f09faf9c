/** Column types that Delta Lake and DuckDB share. */
export type ColumnType = 'string' | 'long' | 'integer' | 'double' | 'timestamp' | 'binary' | 'boolean';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** What the column holds, with its unit: the glossary of README and `sesh sql`. */
  readonly about: string;
  /** Few distinct values: staged as a code into a list. */
  readonly coded?: true;
}

export interface TableSchema {
  readonly name: TableName;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
}

export type TableName = 'raw' | 'events' | 'sources' | 'quarantine' | 'verdicts';

const text = (name: string, about: string): Column => ({ name, type: 'string', about });
const coded = (name: string, about: string): Column => ({ name, type: 'string', about, coded: true });
const long = (name: string, about: string): Column => ({ name, type: 'long', about });
const integer = (name: string, about: string): Column => ({ name, type: 'integer', about });
const double = (name: string, about: string): Column => ({ name, type: 'double', about });
const timestamp = (name: string, about: string): Column => ({ name, type: 'timestamp', about });

const events: TableSchema = {
  name: 'events',
  partitionBy: ['month'],
  columns: [
    text('event_id', 'identity of the event, the same in every copy of it'),
    coded('agent', 'the agent that wrote the transcript'),
    coded('session_id', "the agent's own session id; the key is agent + session_id"),
    coded('thread_id', '`main`, or the id of a sub-agent'),
    coded('parent_session_id', 'the session that started this one'),
    coded('parent_call_id', 'the tool call that started this thread'),
    integer('seq', 'position of the event in its source, from 0'),
    coded('user', 'the person: a directory of a collected tree, else the owner of the file'),
    coded('host', 'the machine, where the collected tree names it'),
    coded('cwd', 'working directory as written'),
    coded('project', "last part of the source's first working directory"),
    coded('git_branch', 'git branch as written'),
    coded('agent_version', 'version of the agent as written'),
    coded('entrypoint', 'how the agent was started, as written'),
    coded('source_id', 'the source file that the event was read from'),
    long('source_line', 'line in the source, from 1'),
    long('byte_offset', 'byte in the source where the record begins'),
    timestamp('ts', 'time of the event, UTC'),
    coded('ts_source', '`event`: the record has its own time; `neighbour`: it takes the nearest one'),
    coded(
      'kind',
      'prompt, reply, thinking, tool_call, tool_result, progress, usage, system, hook, summary, interrupt, api_error, meta, unknown',
    ),
    coded('subtype', 'refines the kinds meta, system, hook, interrupt and api_error'),
    coded('record_type', "the record's type in the agent's own words"),
    text('text', 'text of the event, bounded: head and tail with a mark between'),
    long('text_bytes', 'true size of the text, bytes of UTF-8'),
    text('call_id', 'the tool call that a call, a result, a progress report or a hook belongs to'),
    coded('tool_name', 'tool as written'),
    coded('tool_kind', 'shell, read, edit, write, search, web, subagent, mcp, plan, other'),
    text('command', 'shell command line, bounded'),
    text('file_path', 'the file that the tool works on'),
    text('input', 'input of the tool as JSON text, bounded'),
    coded('outcome', 'ok, error, denied, rejected, interrupted, timeout, hook_blocked, cancelled, unknown'),
    integer('exit_code', 'exit code of the command'),
    double('duration_s', 'seconds, as the agent wrote them'),
    coded('progress_type', 'kind of progress report as written'),
    integer('progress_counter', "the report's own counter; a restart means another command"),
    double('elapsed_s', 'seconds since the command began, cumulative'),
    long('total_lines', 'lines of output so far'),
    coded('model', 'model as written'),
    coded('speed', 'speed of the request as written; fast costs more'),
    text('response_id', "the provider's id of the model response"),
    text('request_id', "the provider's id of the request"),
    coded(
      'usage_grain',
      'how much one usage event sums: response, output (only the output is known), process, session',
    ),
    long('response_count', 'model responses in the sum; null when it does not say'),
    long('input_tokens', 'uncached input tokens, without cache reads and writes'),
    long('output_tokens', 'output tokens, reasoning included'),
    long('cache_read_tokens', 'input tokens read from the cache'),
    long('cache_write_5m_tokens', 'input tokens written to the 5-minute cache'),
    long('cache_write_1h_tokens', 'input tokens written to the 1-hour cache'),
    long('reasoning_tokens', 'part of output_tokens'),
    long('cost_usd_micros', 'list-price equivalent, millionths of a US dollar; null when the price is unknown'),
    coded('price_source', 'where the price comes from'),
    long('recorded_cost_usd_micros', "the agent's own cost figure, millionths of a US dollar"),
    long('cluster', 'hash of agent and session: decides the file that the row lies in'),
    coded('flags', 'what was repaired or odd about the record, comma-separated'),
  ],
};

const raw: TableSchema = {
  name: 'raw',
  partitionBy: [],
  columns: [
    text('source_id', 'the source file'),
    long('cluster', 'hash of agent and session: chunks of one session lie together'),
    long('byte_offset', 'byte in the source where the chunk begins'),
    long('length_bytes', 'bytes in the chunk'),
    text('sha256', 'SHA-256 of the bytes, hex'),
    { name: 'data', type: 'binary', about: 'the bytes as they were' },
  ],
};

const sources: TableSchema = {
  name: 'sources',
  partitionBy: [],
  columns: [
    text('source_id', 'hash of path and generation'),
    text('path', 'absolute path of the file'),
    integer('generation', '0, and one more each time the file was replaced or cut'),
    text('agent', 'the agent that wrote the file'),
    text('root', 'the root under which it was found'),
    text('user', 'the person: a directory of a collected tree, else the owner of the file'),
    text('session_id', 'the session that the file belongs to'),
    long('cluster', 'hash that decides where the chunks lie in raw'),
    text('hint', 'what the path told when the file was first seen, JSON'),
    long('size_bytes', 'size when last seen'),
    long('mtime_ns', 'modification time when last seen, nanoseconds since 1970'),
    text('device_inode', 'device and inode when last seen'),
    text('content_sha256', 'SHA-256 of all archived bytes'),
    long('archived_bytes', 'bytes kept in raw'),
    long('pending_bytes', 'bytes after the last whole line, not yet kept'),
    long('lines', 'lines in the archived bytes'),
    long('records', 'lines that were read as they stand'),
    long('salvaged', 'damaged lines from which at least one record was saved'),
    long('quarantined', 'lines from which nothing could be read'),
    long('blank', 'blank lines'),
    long('salvaged_records', 'records saved from damaged lines'),
    long('events', 'events derived from the file, duplicates included'),
    long('unknown_events', 'events of record types that sesh does not know'),
    timestamp('first_ts', 'earliest event time in the file'),
    timestamp('last_ts', 'latest event time in the file'),
    text('family', 'the smallest source_id among the files that share events with this one'),
    text('derivation', 'the code and settings that derived the events'),
    text('state', 'live, gone, replaced, unreadable'),
    timestamp('gone_since', 'when the file was first missed'),
  ],
};

const quarantine: TableSchema = {
  name: 'quarantine',
  partitionBy: [],
  columns: [
    text('source_id', 'the source file'),
    long('source_line', 'line in the source, from 1'),
    long('byte_offset', 'byte where the span begins'),
    long('length_bytes', 'bytes in the span'),
    text('reason', 'why it could not be read'),
    { name: 'head', type: 'binary', about: 'the first 200 bytes of the span' },
  ],
};

const verdicts: TableSchema = {
  name: 'verdicts',
  partitionBy: [],
  columns: [
    text('key', 'SHA-256 of all that decides the answer, hex'),
    text('agent', 'the agent that wrote the transcript'),
    text('session_id', "the agent's own session id"),
    text('project', 'project of the session'),
    timestamp('judged_at', 'when the answer was checked'),
    text('provider', 'anthropic, openai, openai-compatible'),
    text('host', 'where the answer came from'),
    text('model', 'the model that was asked for'),
    text('answered_model', "the model that answered, in the service's own words"),
    text('judge_version', 'prompt, schema and renderer together'),
    text('rendered_sha256', 'SHA-256 of the transcript as it was shown, hex'),
    text('facts_sha256', 'SHA-256 of the facts that were shown beside it, hex'),
    text('prompt_sha256', 'SHA-256 of the prompt, hex'),
    text('schema_sha256', 'SHA-256 of the form of the answer, hex'),
    text('renderer_version', 'how transcripts are made readable'),
    integer('max_tokens', 'most tokens that an answer may have'),
    text('effort', "how hard the model was to think; null: the provider's own choice"),
    integer('sample_index', '0, and one more for each further sample'),
    integer('score', '1 to 5 after the caps; null: cannot be judged'),
    integer('proposed_score', 'the score that the model proposed'),
    text('null_reason', 'why there is no score'),
    text('caps', 'what lowered the score, comma-separated'),
    text('outcome', 'done, not_done, blocked'),
    text('blocker', 'none, environment, permission, missing_information, user_stopped, model_limit'),
    text('divergence', 'on_track, partial, pivot, off_target'),
    text('user_satisfaction', 'accepted, corrected, rejected, silent'),
    text('confidence', 'low, medium, high'),
    text('rationale', 'why, in the words of the model, without addresses'),
    text('requirements', 'what was asked for, with status and quotes, JSON'),
    integer('quotes', 'quotes in the answer'),
    integer('quotes_verified', 'of them found in the event that they name'),
    integer('quotes_wrong_event', 'found in another event'),
    integer('quotes_not_found', 'found nowhere'),
    integer('quotes_elided', 'found only in what was not shown'),
    integer('quotes_addressed', 'in an event that speaks to whoever judges'),
    integer('quotes_role_corrected', 'taken for a claim, whatever the model called them'),
    integer('answers', 'answers that were paid for: the first, a repair, a longer one'),
    long('input_tokens', 'uncached input tokens of all answers'),
    long('output_tokens', 'output tokens of all answers'),
    long('cache_read_tokens', 'input tokens read from the cache'),
    long('cache_write_tokens', 'input tokens written to the cache'),
    long('cost_usd_micros', 'list price of all answers, millionths of a US dollar; null when it is unknown'),
    text('flags', 'drift, usage_estimated, repaired, batch, imported; comma-separated'),
    text('answer_sha256', 'SHA-256 of the last answer as it is kept, hex'),
  ],
};

/** The only list of columns: staging, publishing, Delta metadata and the glossary are made from it. */
export const tables: Readonly<Record<TableName, TableSchema>> = { raw, events, sources, quarantine, verdicts };

const duckTypes: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  long: 'BIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP WITH TIME ZONE',
  binary: 'BLOB',
  boolean: 'BOOLEAN',
};

export function duckType(type: ColumnType): string {
  return duckTypes[type];
}
