// The process in which the statements of `sesh sql` run: a crash, an endless query or a full memory ends only it.
import { SeshError, messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { SqlAnswer, SqlRequest, SqlResult } from './sql-answer.ts';
import { withViews } from './views.ts';

process.on('disconnect', () => process.exit());
process.once('message', (text) => typeof text === 'string' && void reply(text));

async function reply(text: string): Promise<void> {
  const request: SqlRequest = JSON.parse(text);
  const answer = await answerTo(request);
  process.send?.(JSON.stringify(answer), undefined, undefined, () => process.disconnect());
}

function send(answer: SqlAnswer): void {
  process.send?.(JSON.stringify(answer));
}

async function answerTo(request: SqlRequest): Promise<SqlAnswer> {
  try {
    return { result: await ask(request) };
  } catch (error) {
    const hint = error instanceof SeshError ? (error.hint ?? null) : null;
    return { refusal: { message: messageOf(error), hint } };
  }
}

async function ask(request: SqlRequest): Promise<SqlResult> {
  const { storeDir, settings, statement, memoryBytes } = request;
  return withViews({ storeDir, memoryBytes, settings }, async ({ prepare, query }) => {
    await prepare(statement);
    send({ begun: true });
    // One row more than wanted tells whether rows are left out.
    const { columns, rows } = await query(statement, [], request.rows + 1);
    const kept = withinCharacters(rows.slice(0, request.rows), request.characters);
    return { columns: columns.map(({ name }) => name), rows: kept, cut: kept.length < rows.length };
  });
}

function withinCharacters(rows: readonly (readonly Json[])[], characters: number): readonly (readonly Json[])[] {
  let left = characters;
  const end = rows.findIndex((row) => {
    left -= JSON.stringify(row).length;
    return left < 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}
