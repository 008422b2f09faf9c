import { createInterface } from 'node:readline/promises';
import type { Invocation } from './command.ts';

/** Asks a person at the keyboard, on standard error; where nobody sits the answer is no. */
export async function isAgreed({ io, terminal }: Invocation, question: string): Promise<boolean> {
  if (!io.stdinIsTTY || !io.stderrIsTTY) return false;
  terminal.note(question);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await reader.question('> ')).trim());
  } finally {
    reader.close();
  }
}
