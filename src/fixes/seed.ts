import type { Fix } from './fix.ts';

/** A table of texts, as the views take it: an empty text is null. */
interface FixesSeed {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly string[])[];
}

const columns = [
  { name: 'fix_id', type: 'varchar' },
  { name: 'title', type: 'varchar' },
  { name: 'fixed_at', type: 'timestamptz' },
  { name: 'category', type: 'varchar' },
  { name: 'rule_id', type: 'varchar' },
  { name: 'signature', type: 'varchar' },
  { name: 'pattern', type: 'varchar' },
  { name: 'project', type: 'varchar' },
  { name: 'issue', type: 'varchar' },
  { name: 'commit', type: 'varchar' },
];

/** The register as the table `seeds.fixes`. */
export function fixesSeed(fixes: readonly Fix[]): FixesSeed {
  const rows = fixes.map(({ id, title, fixedAt, match, issue, commit }) =>
    [
      id,
      title,
      new Date(fixedAt / 1000).toISOString(),
      match.category,
      match.rule,
      match.signature,
      match.pattern,
      match.project,
      issue,
      commit,
    ].map((cell) => cell ?? ''),
  );
  return { name: 'seeds.fixes', columns, rows };
}
