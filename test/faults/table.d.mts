export interface HeldTest {
  readonly file: string;
  readonly name: string;
  readonly ids: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly note: string;
}
export interface FaultRow {
  readonly id: string;
  readonly what: string;
  readonly result: string;
  readonly bad: boolean;
  readonly tests: readonly string[];
}
export declare function faultRows(
  catalogue: ReadonlyMap<string, string>,
  notApplicable: ReadonlyMap<string, string>,
  tests: readonly HeldTest[],
): readonly FaultRow[];
export declare function faultTable(rows: readonly FaultRow[]): readonly string[];
