import type { ExitCode } from '../core/errors.ts';
import type { Invocation } from './command.ts';
import { startChild } from './sql-process.ts';

/** The process for the statement starts before anything else is loaded, so that both get ready at once. */
export async function sql(invocation: Invocation): Promise<ExitCode> {
  const child = startChild();
  try {
    const { sqlIn } = await import('./sql.ts');
    return await sqlIn(child, invocation);
  } finally {
    child.stop();
  }
}
