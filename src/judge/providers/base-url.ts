import { UsageError } from '../../core/errors.ts';
import type { ProviderName } from './provider.ts';

const officialUrls: Readonly<Record<ProviderName, string | null>> = {
  anthropic: 'https://api.anthropic.com',
  openai: 'https://api.openai.com/v1',
  'openai-compatible': null,
};

/**
 * Where requests go: what the person gave, else the provider's own address. The environment has no say in it, because transcripts
 * must not leave for a host that a project's `.env` names. Throws a UsageError.
 */
export function baseUrlOf(provider: ProviderName, given: string | null): URL {
  const text = given ?? officialUrls[provider];
  if (text === null) {
    throw new UsageError(
      'Expected --base-url: the address of the server that answers.',
      'Such as http://localhost:11434/v1, or `base_url` in judge.yaml.',
    );
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`Expected --base-url to be such as https://host/v1, got "${text}".`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('Expected --base-url without user, password, query or fragment.');
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new UsageError(
      `Expected --base-url to begin with https://, because ${url.host} is not this machine.`,
      'Transcripts are never sent over an open line.',
    );
  }
  return url;
}

/** Whether the address is this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
