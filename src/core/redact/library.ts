import type { SecretLintCoreConfig } from '@secretlint/types';
import { secretKinds, type Finding, type SecretKind } from './kinds.ts';

const prefix = '@secretlint/secretlint-rule-';

/**
 * Rules of the preset that must not run on hostile text. `filter-comments` lets the text itself switch detection off
 * (naming it as disabled in the preset has no effect in 12.0.0); the other two mark whole addresses, and our own
 * pattern covers what is secret in them; `gcp` reads files.
 */
const leftOut: ReadonlySet<string> = new Set(
  ['filter-comments', 'basicauth', 'database-connection-string', 'gcp'].map((name) => prefix + name),
);

/** NUL cannot be part of any secret and ends what runs over white space: nothing matches across two texts. */
const SEPARATOR = '\n\u0000\n';

/** Some rules report the beginning of the match, not of the secret; it lies at most a key's name further on. */
const REACH = 200;

interface Library {
  readonly lint: (content: string) => Promise<readonly LibraryMessage[]>;
}

interface LibraryMessage {
  readonly ruleId: string;
  readonly range: readonly [number, number];
  readonly data?: object;
}

let library: Promise<Library> | undefined;

/** Secrets that the detector library sees, text by text. The texts go through it in one call, which costs as much as one text. */
export async function findByLibrary(texts: readonly string[]): Promise<readonly (readonly Finding[])[]> {
  library ??= loadLibrary();
  const { lint } = await library;
  const content = texts.join(SEPARATOR);
  const findings = (await lint(content)).flatMap((message) => located(content, message));
  return splitByText(
    texts,
    findings.toSorted((a, b) => a.start - b.start),
  );
}

/** The import costs about 45 ms, so it waits until something must be redacted. */
async function loadLibrary(): Promise<Library> {
  const [{ lintSource }, { rules }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const config: SecretLintCoreConfig = {
    rules: rules.filter((rule) => !leftOut.has(rule.meta.id)).map((rule) => ({ id: rule.meta.id, rule })),
  };
  return {
    lint: async (content) => {
      const source = { filePath: 'text', content, ext: '.txt', contentType: 'text' } as const;
      return (await lintSource({ source, options: { noPhysicFilePath: true, config } })).messages;
    },
  };
}

/** Where the secret itself stands: the values that the rule names, else the range that it gives. */
function located(content: string, message: LibraryMessage): readonly Finding[] {
  const kind = kindOf(message.ruleId);
  const [from, to] = message.range;
  const values = Object.values(message.data ?? {}).flatMap((value: unknown) =>
    typeof value === 'string' && value.length >= 8 ? [value] : [],
  );
  const found = values.flatMap((value) => {
    const start = content.indexOf(value, from);
    return start === -1 || start > from + REACH ? [] : [{ start, end: start + value.length, kind }];
  });
  return found.length > 0 ? found : [{ start: from, end: to, kind }];
}

function kindOf(ruleId: string): SecretKind {
  const name = ruleId.replace(prefix, '').replace('privatekey', 'private-key');
  return secretKinds.find((kind) => kind === name) ?? 'other';
}

function splitByText(texts: readonly string[], findings: readonly Finding[]): readonly (readonly Finding[])[] {
  let offset = 0;
  let next = 0;
  return texts.map((text) => {
    const own: Finding[] = [];
    for (let finding = findings[next]; finding !== undefined && finding.start < offset + text.length; next += 1) {
      own.push({ start: finding.start - offset, end: Math.min(finding.end - offset, text.length), kind: finding.kind });
      finding = findings[next + 1];
    }
    offset += text.length + SEPARATOR.length;
    return own;
  });
}
