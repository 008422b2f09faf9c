import type { DuckDBConnection } from '@duckdb/node-api';
import { messageOf, UsageError } from '../core/errors.ts';
import { literal } from '../lake/duck.ts';
import { parseSeed, type Seed } from './seeds.ts';

const NAME = 'friction_rules';
export const RULES = `seeds.${NAME}`;

/** What says whether a rule fits a line or a command. */
export const RULE_MACROS = ['line_fits', 'command_fits'] as const;

/** What a rule may match, with the outcomes that it takes when the file names none. */
const outcomesOf: Readonly<Record<string, string>> = {
  result: 'error',
  interrupt: 'turn tool',
  api_error: 'retry rate_limit overloaded authentication billing invalid_request timeout server other',
  compaction: 'compaction',
  continuation: 'continuation',
  loop: 'loop',
  run: 'slow',
  prompt: 'prompt rephrased repeated_question',
};

/** A rule of the person's own comes before the package's. */
const PRIORITY = '5';

const lists = {
  signature_from: ['message', 'command', 'rule'],
  alone: ['true', 'false'],
  tool_kinds: ['shell', 'read', 'edit', 'write', 'search', 'web', 'subagent', 'mcp', 'plan', 'other'],
} as const;

type Rule = Readonly<Record<string, string>>;

/** The rows of a person's `friction-rules.csv`. Throws a UsageError that names the file. */
export function parseOwnRules(text: string, file: string): Seed {
  try {
    return { ...parseSeed(NAME, text, file), file };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${messageOf(error)}.`, 'It is a CSV with a header row.');
  }
}

/**
 * The package's rules with a person's own added, in place of those of the same id; columns that the file leaves out stay
 * as the package has them. Throws a UsageError that names file, rule and what was expected.
 */
export function withOwnRules(rules: Seed, own: Seed): Seed {
  const file = own.file ?? own.name;
  const names = rules.columns.map(({ name }) => name);
  const unknown = own.columns.find(({ name }) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`${file}: the column "${unknown.name}" is not known.`, `Known are ${names.join(', ')}.`);
  }
  const known = new Map(rulesIn(rules).map((rule) => [rule['rule_id'] ?? '', rule]));
  const added = new Map<string, Rule>();
  for (const written of rulesIn(own)) {
    const id = written['rule_id'] ?? '';
    if (added.has(id)) throw new UsageError(`${file}: the rule ${id} stands there twice.`);
    added.set(id, completed({ ...known.get(id), ...written }, file));
  }
  const all = new Map([...known, ...added]);
  return { ...rules, rows: [...all.values()].map((rule) => names.map((name) => rule[name] ?? '')) };
}

/**
 * Tries every pattern of a person's own rules and every example on them, in DuckDB. Throws a UsageError that names file,
 * rule and example.
 */
export async function refuseBrokenRules(connection: DuckDBConnection, rules: Seed, own: Seed): Promise<void> {
  const ids = new Set(rulesIn(own).map((rule) => rule['rule_id']));
  for (const rule of rulesIn(rules).filter((candidate) => ids.has(candidate['rule_id']))) {
    for (const complaint of await complaintsAbout(connection, rule)) {
      throw new UsageError(
        `${own.file ?? own.name}: the rule ${rule['rule_id'] ?? ''} ${complaint}`,
        'Patterns are in the syntax of RE2: no look-around and no back references.',
      );
    }
  }
}

/** What is wrong with the patterns and the examples of a rule; empty when nothing is. */
export async function complaintsAbout(connection: DuckDBConnection, rule: Rule): Promise<readonly string[]> {
  for (const column of ['pattern', 'not_pattern', 'command', 'not_command']) {
    const complaint = await unreadable(connection, rule[column] ?? '');
    if (complaint !== null) return [`has a ${column} that is no regular expression: ${complaint}`];
  }
  const line = (text: string): string => fits('line_fits', text, rule, ['words', 'pattern', 'not_pattern']);
  const command = (text: string): string =>
    fits('command_fits', text, rule, ['command_words', 'command', 'not_command']);
  const examples = [
    ...examplesIn(rule, 'must_match', line, true),
    ...examplesIn(rule, 'must_not_match', line, false),
    ...examplesIn(rule, 'command_must_match', command, true),
    ...examplesIn(rule, 'command_must_not_match', command, false),
  ];
  if (examples.length === 0) return [];
  const reader = await connection.runAndReadAll(`select ${examples.map(({ asked }) => asked).join(', ')}`);
  const answers = reader.getRows()[0] ?? [];
  return examples
    .filter(({ wanted }, index) => answers[index] !== wanted)
    .map(({ text, wanted }) => `${wanted ? 'does not match' : 'matches'} its example ${JSON.stringify(text)}`);
}

interface Example {
  readonly text: string;
  readonly wanted: boolean;
  /** The SQL that says whether the rule fits. */
  readonly asked: string;
}

function examplesIn(rule: Rule, column: string, ask: (text: string) => string, wanted: boolean): readonly Example[] {
  const texts = (rule[column] ?? '').split('\n').filter((text) => text !== '');
  return texts.map((text) => ({ text, wanted, asked: ask(text) }));
}

function fits(macro: string, text: string, rule: Rule, columns: readonly string[]): string {
  const cells = columns.map((column) => ((rule[column] ?? '') === '' ? 'null' : literal(rule[column] ?? '')));
  return `${macro}(${[literal(text), ...cells].join(', ')})`;
}

async function unreadable(connection: DuckDBConnection, pattern: string): Promise<string | null> {
  if (pattern === '') return null;
  try {
    await connection.run(`select regexp_matches('', ${literal(pattern)})`);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function rulesIn({ columns, rows }: Seed): readonly Rule[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? ''])));
}

/** The rule with what may be left out. Throws a UsageError for what cannot be. */
function completed(rule: Rule, file: string): Rule {
  const cell = (name: string): string => rule[name] ?? '';
  const id = cell('rule_id');
  const refuse = (name: string, expected: string): never => {
    throw new UsageError(`${file}: expected ${name} of the rule "${id}" to be ${expected}, got "${cell(name)}".`);
  };
  const expect = (name: string, pattern: RegExp, expected: string): void => {
    if (!pattern.test(cell(name))) refuse(name, expected);
  };
  expect('rule_id', /^[A-Za-z0-9][\w.-]*$/, 'letters, digits, dots and dashes');
  expect('category', /^[a-z][a-z_]*$/, 'a word such as data_sync, or none for what is no friction');
  expect('priority', /^\d{0,6}$/, 'a whole number');
  expect('exit_codes', /^(?:-?\d+(?: -?\d+)*)?$/, 'numbers with a space between');
  const outcomes = outcomesOf[cell('matches')];
  if (outcomes === undefined) return refuse('matches', `one of ${Object.keys(outcomesOf).join(', ')}`);
  for (const [name, values] of Object.entries(lists)) {
    const known: readonly string[] = values;
    const strange = cell(name)
      .split(' ')
      .some((value) => value !== '' && !known.includes(value));
    if (strange) refuse(name, `of ${known.join(', ')}`);
  }
  const or = (name: string, usual: string): string => (cell(name) === '' ? usual : cell(name));
  return {
    ...rule,
    priority: or('priority', PRIORITY),
    subtype: or('subtype', id.replaceAll(/\W/g, '_')),
    outcomes: or('outcomes', outcomes),
    signature_from: or('signature_from', 'message'),
    words: cell('words').toLowerCase(),
    command_words: cell('command_words').toLowerCase(),
  };
}
