import { createHmac } from 'node:crypto';

/**
 * The file of an issue draft, without its ending: `permission-3f9a12bc`. The same kind of trouble has the same name every
 * night. HMAC with the store's own key: a signature can hold what the text of the draft hides, and a plain hash would let it be
 * guessed.
 */
export function draftName(category: string, signature: string, redactionKey: Uint8Array): string {
  const hash = createHmac('sha256', redactionKey).update(`draft\u0000${category}\u0000${signature}`).digest('hex');
  return `${safeWord(category)}-${hash.slice(0, 8)}`;
}

/** Categories come from rule files, which people write, too. */
function safeWord(category: string): string {
  const word = category
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 40);
  return word === '' ? 'friction' : word;
}
