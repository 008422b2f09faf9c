import { join } from 'node:path';
import {
  callLine,
  promptLine,
  replyLine,
  resultLine,
  sessionNumber,
  uuidNumber,
  writeLines,
} from '../helpers/claude.ts';

export const shop = sessionNumber(1);
export const api = sessionNumber(2);

/** A prompt that would write to the clipboard of a careless terminal. */
export const hostile = 'fix the login \u001b]52;c;eA==\u0007 page';

interface TwoSessions {
  readonly transcripts: string;
  readonly shopFile: string;
}

/** Two sessions: `shop` fails, pauses for two hours and writes a file; `api` only talks. */
export function writeTwoSessions(machine: string): TwoSessions {
  const transcripts = join(machine, 'transcripts');
  const shopFile = join(transcripts, '-home-ann-shop', `${shop}.jsonl`);
  const inShop = (n: number, at: string) => ({ session: shop, uuid: uuidNumber(n), at: `2026-02-09T${at}Z` });
  const inApi = (n: number, at: string) => ({
    session: api,
    uuid: uuidNumber(n),
    at: `2026-02-10T${at}Z`,
    cwd: '/home/ann/api',
  });
  writeLines(shopFile, [
    promptLine(inShop(1, '10:00:00'), hostile),
    callLine(inShop(2, '10:00:10'), 'call_1', 'Bash', { command: 'npm test' }),
    resultLine(inShop(3, '10:00:20'), 'call_1', 'Exit code 1\n2 failed', true),
    replyLine(inShop(4, '10:00:30'), { text: 'Two tests fail.', messageId: 'msg_1', outputTokens: 100 }),
    promptLine(inShop(5, '12:00:00'), 'go on'),
    callLine(inShop(6, '12:00:05'), 'call_2', 'Write', { file_path: '/home/ann/shop/login.ts', content: 'x' }),
    resultLine(inShop(7, '12:00:06'), 'call_2', 'File created'),
    replyLine(inShop(8, '12:00:10'), { text: 'Done.', messageId: 'msg_2', outputTokens: 50 }),
  ]);
  writeLines(join(transcripts, '-home-ann-api', `${api}.jsonl`), [
    promptLine(inApi(9, '08:00:00'), 'what is this?'),
    replyLine(inApi(10, '08:01:00'), { text: 'An API.', messageId: 'msg_3', outputTokens: 30 }),
  ]);
  return { transcripts, shopFile };
}
