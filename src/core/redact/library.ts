import type {
  SecretLintRuleContext,
  SecretLintRuleCreator,
  SecretLintRuleReportDescriptor,
  SecretLintSourceCode,
} from '@secretlint/types';
import { secretKinds, type Finding, type SecretKind } from './kinds.ts';

const prefix = '@secretlint/secretlint-rule-';

/**
 * `filter-comments` is the switch; `gcp` reads files; the other two mark whole addresses, and our own pattern covers what is
 * secret in them.
 */
const leftOut: ReadonlySet<string> = new Set(
  ['filter-comments', 'gcp', 'basicauth', 'database-connection-string'].map((name) => prefix + name),
);

/** NUL cannot be part of any secret and ends what runs over white space: nothing matches across two texts. */
const SEPARATOR = '\n\u0000\n';

/** Some rules report the beginning of the match, not of the secret; it lies at most a key's name further on. */
const REACH = 200;

let rules: Promise<readonly SecretLintRuleCreator[]> | undefined;

/** A string can hold half a billion characters, and a session may print more. */
const MOST_CHARACTERS = 64_000_000;

/**
 * Secrets that the rules of secretlint see, text by text; many texts in one call, which costs as much as one. Not through
 * its own runner: that one writes down every step of every call for as long as the process lives, and lets a comment in the
 * text (`secretlint-disable`) switch detection off.
 */
export async function findByLibrary(
  texts: readonly string[],
  mostCharacters = MOST_CHARACTERS,
): Promise<readonly (readonly Finding[])[]> {
  const found: (readonly (readonly Finding[])[])[] = [];
  for (const group of groupsOf(texts, mostCharacters)) found.push(await findTogether(group));
  return found.flat();
}

function groupsOf(texts: readonly string[], mostCharacters: number): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let room = mostCharacters;
  for (const text of texts) {
    room -= text.length + SEPARATOR.length;
    if (room >= 0) groups.at(-1)?.push(text);
    else {
      groups.push([text]);
      room = mostCharacters - text.length;
    }
  }
  return groups;
}

async function findTogether(texts: readonly string[]): Promise<readonly (readonly Finding[])[]> {
  rules ??= loadRules();
  const content = texts.join(SEPARATOR);
  const findings: Finding[] = [];
  for (const rule of await rules) {
    const kind = kindOf(rule.meta.id);
    const handler = rule.create(
      contextOf((report) => findings.push(...located(content, report, kind))),
      {},
    );
    await handler.file?.(sourceOf(content));
  }
  return splitByText(
    texts,
    findings.toSorted((a, b) => a.start - b.start),
  );
}

/** The import costs about 10 ms, so it waits until something must be redacted. */
async function loadRules(): Promise<readonly SecretLintRuleCreator[]> {
  const library = await import('@secretlint/secretlint-rule-preset-recommend');
  return library.rules.filter((rule) => !leftOut.has(rule.meta.id));
}

function contextOf(report: (found: SecretLintRuleReportDescriptor) => void): SecretLintRuleContext {
  return {
    sharedOptions: {},
    createTranslator: () => (messageId, data) => ({ message: '', messageId: String(messageId), data }),
    report,
    ignore: () => undefined,
  };
}

/** A text without a file: a rule that asks for a path gets none. */
function sourceOf(content: string): SecretLintSourceCode {
  const start = { line: 1, column: 0 };
  return {
    hasBOM: false,
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '.txt',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start, end: start }),
    positionToIndex: () => 0,
    indexToPosition: () => start,
  };
}

/** Where the secret itself stands: the values that the rule names, else the range that it gives. */
function located(
  content: string,
  { message, range }: SecretLintRuleReportDescriptor,
  kind: SecretKind,
): readonly Finding[] {
  const [from, to] = range;
  const named: readonly unknown[] = Object.values(message.data ?? {});
  const found = named.flatMap((value) => {
    if (typeof value !== 'string' || value.length < 8) return [];
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
      own.push({
        start: Math.max(finding.start - offset, 0),
        end: Math.min(finding.end - offset, text.length),
        kind: finding.kind,
      });
      finding = findings[next + 1];
    }
    offset += text.length + SEPARATOR.length;
    return own;
  });
}
