import type { PromptHashes } from '../contract.ts';
import { canonicalJson, sha256 } from './canonical.ts';
import { partReminder, partSchema, partSystem } from './v1/part.ts';
import { reminder } from './v1/reminder.ts';
import { repair } from './v1/repair.ts';
import { schema } from './v1/schema.ts';
import { system } from './v1/system.ts';

/** Everything that is the same for all sessions. Another text is another instrument: its hash is part of every verdict's key. */
export const prompt = {
  system,
  schema,
  partSystem,
  partSchema,
  promptSha256: sha256(
    canonicalJson({
      layout: layOut('facts', 'code', 'transcript', reminder),
      reminder,
      repair,
      system,
      // How long sessions are read is part of the instrument, too.
      part: { partReminder, partSchema, partSystem },
    }),
  ),
  // Not the canonical form: the order of the fields is part of what is asked.
  schemaSha256: sha256(JSON.stringify(schema)),
  partSchemaSha256: sha256(JSON.stringify(partSchema)),
} as const;

/** What is said to the model about an answer that cannot be used. */
export function repairMessage(problem: string): string {
  return repair.replace('%PROBLEM%', () => problem);
}

export interface UserMessage {
  readonly text: string;
  readonly hashes: PromptHashes;
}

/** Facts, transcript in its fence, reminder. */
export function userMessage(facts: string, transcript: string): UserMessage {
  return {
    text: layOut(facts, fenceCode(`${facts}\n${transcript}`), transcript, reminder),
    hashes: {
      rendered: sha256(transcript),
      facts: sha256(facts),
      prompt: prompt.promptSha256,
      schema: prompt.schemaSha256,
    },
  };
}

/** One part of a transcript in its fence, and what its reader is to do. */
export function partMessage(transcript: string): UserMessage {
  return {
    text: fenced(fenceCode(transcript), transcript, partReminder),
    hashes: {
      rendered: sha256(transcript),
      facts: sha256(''),
      prompt: prompt.promptSha256,
      schema: prompt.partSchemaSha256,
    },
  };
}

/**
 * The 128 bits of the fence, from the hash of what it encloses: the same content has the same fence, nobody who wrote only a part
 * of the content can know it, and it does not occur in the content.
 */
export function fenceCode(content: string): string {
  for (let round = 0; ; round += 1) {
    const code = sha256(`fence ${round}\n${content}`).slice(0, 32);
    if (!content.includes(code)) return code;
  }
}

function layOut(facts: string, code: string, transcript: string, after: string): string {
  return `<facts>\n${facts}\n</facts>\n\n${fenced(code, transcript, after)}`;
}

function fenced(code: string, transcript: string, after: string): string {
  return `<transcript-${code}>\n${transcript}\n</transcript-${code}>\n\n${after}\n`;
}
