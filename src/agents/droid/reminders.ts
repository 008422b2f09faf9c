const OPEN = '<system-reminder>';
const CLOSE = '</system-reminder>';

interface Stripped {
  /** What is left, trimmed when something was removed. */
  readonly rest: string;
  /** The removed blocks, or null when there were none. */
  readonly reminders: string | null;
}

/** Takes the program's reminders out of a text, wherever they stand; one that does not end takes all that follows. */
export function stripReminders(text: string): Stripped {
  const reminders: string[] = [];
  const kept: string[] = [];
  let from = 0;
  for (let start = text.indexOf(OPEN); start !== -1; start = text.indexOf(OPEN, from)) {
    kept.push(text.slice(from, start));
    const end = text.indexOf(CLOSE, start);
    const stop = end === -1 ? text.length : end + CLOSE.length;
    reminders.push(text.slice(start, stop));
    from = stop;
  }
  if (reminders.length === 0) return { rest: text.trim() === '' ? '' : text, reminders: null };
  return { rest: [...kept, text.slice(from)].join('').trim(), reminders: reminders.join('\n') };
}
