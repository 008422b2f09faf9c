import { SeshError } from '../../core/errors.ts';
import type { CheckedAnswer, PreparedSession } from '../contract.ts';
import { asObject, asText, type Json } from '../../core/json.ts';
import { canonicalJson } from './canonical.ts';

/** Files of one exported prompt by their names: what a person or another program needs to judge the session. */
export function exportPrompt(prepared: PreparedSession): Readonly<Record<string, string>> {
  return {
    'system.txt': prepared.system,
    'user.txt': prepared.user,
    'schema.json': `${JSON.stringify(prepared.schema, null, 2)}\n`,
    'session.json': `${canonicalJson(identityOf(prepared))}\n`,
  };
}

/** Which prompt an answer belongs to: the contents of `session.json`. */
function identityOf({ agent, sessionId, hashes, rendererVersion }: PreparedSession): Readonly<Record<string, Json>> {
  return { agent, session_id: sessionId, hashes: { ...hashes }, renderer_version: rendererVersion };
}

/**
 * Checks an answer that was given to an exported prompt, as one from a provider. `identity` is the `session.json` beside it. Throws
 * a SeshError when it belongs to another session or the prompt has changed since: its events have other numbers then.
 */
export async function importAnswer(
  prepared: PreparedSession,
  answer: string,
  identity: string,
): Promise<CheckedAnswer> {
  if (identityText(identity) !== canonicalJson(identityOf(prepared))) {
    throw new SeshError(`The answer for session ${prepared.sessionId} belongs to another prompt.`, {
      hint: 'The session or the prompt has changed since the export: export it again and judge that.',
    });
  }
  return await prepared.check(answer);
}

function identityText(text: string): string | null {
  try {
    const json: Json = JSON.parse(text);
    return asText(asObject(json)?.['session_id']) === null ? null : canonicalJson(json);
  } catch {
    return null;
  }
}
