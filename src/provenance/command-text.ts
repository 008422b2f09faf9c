/** Shortest command that is looked for in texts: `ls` stands everywhere. */
const SHORTEST = 4;

/** A command line as it is compared: without a prompt sign, the way there (`cd x &&`), settings before it, and folded blanks. */
function comparable(command: string): string {
  return command
    .replaceAll(/\\\r?\n/g, ' ')
    .replace(/^\s*[$>#]\s+/, '')
    .replace(/^\s*(?:(?:cd|pushd)\s+[^\s;&]+\s*(?:&&|;)\s*|[A-Za-z_]\w*=[^\s;&]*\s+)+/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Whether a command that was run is one that was written somewhere, alone or with more arguments behind it. */
export function isRunOf(run: string, written: string): boolean {
  const wanted = comparable(written);
  const command = comparable(run);
  if (wanted.length < SHORTEST) return false;
  // A bare word (`build`) with arguments may be anything; a path or a command of several words is its own.
  return command === wanted || (/[ /]/.test(wanted) && command.startsWith(`${wanted} `));
}

/** Whether somebody's words contain the command. */
export function isIn(words: string, run: string): boolean {
  const command = comparable(run);
  return command.length >= SHORTEST && words.replaceAll(/\s+/g, ' ').includes(command);
}
