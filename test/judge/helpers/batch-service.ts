import { asArray, asObject, asText, type Json, type JsonObject } from '../../../src/core/json.ts';
import { completion, message, refusal, type Script, type Scripted, type Seen } from './server.ts';

/** What a batch says about one request; a text is a verdict in JSON, null is that it expired. */
export type BatchAnswer = string | { readonly errored: string } | null;

interface MadeBatch {
  readonly id: string;
  readonly label: string;
  readonly requests: readonly { readonly customId: string; readonly body: JsonObject }[];
  readonly createdMs: number;
}

/** Both services' batches: what is handed in is answered when `end` is called, last request first. */
export class BatchService {
  readonly made: MadeBatch[] = [];
  /** What to answer to which request. */
  answer: (body: JsonObject, customId: string) => BatchAnswer = () => '{"score":4}';
  /** In place of the answer to making a batch: what happens on the way back to the caller. */
  afterMaking: Scripted | null = null;
  readonly #ended = new Set<string>();
  readonly #files = new Map<string, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  end(): void {
    for (const { id } of this.made) this.#ended.add(id);
  }

  readonly script: Script = (seen) => {
    const path = seen.path.replace(/\?.*$/, '');
    const route = `${seen.method} ${path.replace(/(batch|file)_\d+/, 'ID')}`;
    const id = /(?:batch|file)_\d+/.exec(path)?.[0] ?? '';
    switch (route) {
      case 'POST /v1/messages/batches':
        return this.#make('', requestsOf(seen.json['requests'], 'params'));
      case 'GET /v1/messages/batches':
        return listed(this.#newestFirst().map((batch) => this.#anthropic(batch, seen)));
      case 'GET /v1/messages/batches/ID':
        return json(this.#anthropic(this.#batch(id), seen));
      case 'GET /v1/messages/batches/ID/results':
        return lines(this.#answers(id).map(([customId, answer]) => anthropicLine(customId, answer)));
      case 'POST /v1/files':
        return json({ id: this.#keepFile(seen) });
      case 'POST /v1/batches':
        return this.#make(
          asText(asObject(seen.json['metadata'])?.['sesh']) ?? '',
          requestsOf(parsedLines(this.#files.get(asText(seen.json['input_file_id']) ?? '') ?? ''), 'body'),
        );
      case 'GET /v1/batches':
        return listed(this.#newestFirst().map((batch) => this.#openai(batch)));
      case 'GET /v1/batches/ID':
        return json(this.#openai(this.#batch(id)));
      case 'GET /v1/files/ID/content':
        return lines(this.#fileLines(id));
      default:
        return refusal(404, `no route ${route}`);
    }
  };

  #make(label: string, requests: MadeBatch['requests']): Scripted {
    const batch = { id: `batch_${this.made.length + 1}`, label, requests, createdMs: this.#now() };
    this.made.push(batch);
    return this.afterMaking ?? json({ ...this.#openai(batch), created_at: new Date(batch.createdMs).toISOString() });
  }

  #keepFile({ text }: Seen): string {
    const id = `file_${this.#files.size + 1}`;
    this.#files.set(id, text);
    return id;
  }

  #batch(id: string): MadeBatch {
    const found = this.made.find((batch) => batch.id === id);
    if (found === undefined) throw new TypeError(`Expected a batch, got ${id}`);
    return found;
  }

  #newestFirst(): readonly MadeBatch[] {
    return this.made.toReversed();
  }

  #answers(id: string): readonly (readonly [string, BatchAnswer])[] {
    return this.#batch(id)
      .requests.map(({ customId, body }) => [customId, this.answer(body, customId)] as const)
      .toReversed();
  }

  #anthropic({ id, createdMs }: MadeBatch, { headers }: Seen): JsonObject {
    return {
      id,
      created_at: new Date(createdMs).toISOString(),
      processing_status: this.#ended.has(id) ? 'ended' : 'in_progress',
      results_url: `http://${headers['host'] ?? ''}/v1/messages/batches/${id}/results`,
    };
  }

  #openai({ id, label, createdMs }: MadeBatch): JsonObject {
    const number = id.replace('batch_', '');
    return {
      id,
      created_at: Math.floor(createdMs / 1000),
      status: this.#ended.has(id) ? 'completed' : 'in_progress',
      metadata: { sesh: label },
      ...(this.#ended.has(id) ? { output_file_id: `file_${number}1`, error_file_id: `file_${number}2` } : {}),
    };
  }

  /** `file_N1` holds what went well in batch N, `file_N2` what did not. */
  #fileLines(id: string): readonly JsonObject[] {
    const isErrors = id.endsWith('2');
    return this.#answers(`batch_${id.slice('file_'.length, -1)}`)
      .filter(([, answer]) => isErrors === (typeof answer !== 'string'))
      .map(([customId, answer]) => openaiLine(customId, answer));
  }
}

function requestsOf(requests: Json | undefined, body: string): MadeBatch['requests'] {
  return (asArray(requests) ?? []).map((request) => ({
    customId: asText(asObject(request)?.['custom_id']) ?? '',
    body: asObject(asObject(request)?.[body]) ?? {},
  }));
}

/** The lines of a form that are JSON: the file that was sent in it. */
function parsedLines(text: string): readonly Json[] {
  return text.split(/\r?\n/).flatMap((line): readonly Json[] => {
    if (!line.startsWith('{')) return [];
    const value: Json = JSON.parse(line);
    return [value];
  });
}

const bodyOf = ({ body }: Scripted): Json => {
  const value: Json = JSON.parse(String(body));
  return value;
};

function anthropicLine(customId: string, answer: BatchAnswer): JsonObject {
  if (answer === null) return { custom_id: customId, result: { type: 'expired' } };
  if (typeof answer === 'string') {
    return { custom_id: customId, result: { type: 'succeeded', message: bodyOf(message(answer)) } };
  }
  const error = { type: 'error', error: { type: answer.errored, message: 'no' } };
  return { custom_id: customId, result: { type: 'errored', error } };
}

function openaiLine(customId: string, answer: BatchAnswer): JsonObject {
  if (answer === null) return { custom_id: customId, response: null, error: { code: 'batch_expired' } };
  if (typeof answer === 'string') {
    return { custom_id: customId, response: { status_code: 200, body: bodyOf(completion(answer)) }, error: null };
  }
  const status_code = answer.errored === 'invalid_request_error' ? 400 : 500;
  return { custom_id: customId, response: { status_code, body: { error: { message: 'no' } } }, error: null };
}

function json(body: JsonObject): Scripted {
  return { body: JSON.stringify(body) };
}

function listed(data: readonly JsonObject[]): Scripted {
  return json({ object: 'list', data, has_more: false, first_id: null, last_id: null });
}

function lines(rows: readonly JsonObject[]): Scripted {
  return {
    headers: { 'content-type': 'application/x-jsonl' },
    body: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  };
}
