import { hash } from 'node:crypto';
import { SeshError } from '../../core/errors.ts';
import type { TableSchema } from '../schema.ts';
import type { Action, Protocol, TableMetadata } from './actions.ts';

const READER_VERSION = 1;
const WRITER_VERSION = 2;

/** Plain Delta: no column mapping, no deletion vectors, no constraints; every engine reads it. */
export const protocol: Action = { kind: 'protocol', reader: READER_VERSION, writer: WRITER_VERSION };

/** Delta's schema of a table. Partition columns that the Parquet files do not hold come last, as text. */
function schemaString(schema: TableSchema): string {
  const partitions = schema.partitionBy.filter((name) => !schema.columns.some((column) => column.name === name));
  const fields = [
    ...schema.columns.map(({ name, type, about }) => field(name, type, { comment: about })),
    ...partitions.map((name) => field(name, 'string', {})),
  ];
  return JSON.stringify({ type: 'struct', fields });
}

/** The table's description for its first commit, or null when the one it has is still true. */
export function newMetadata(schema: TableSchema, known: TableMetadata | null, nowMs: number): TableMetadata | null {
  const next: TableMetadata = {
    id: known?.id ?? tableId(schema.name, nowMs),
    name: schema.name,
    schemaString: schemaString(schema),
    partitionColumns: schema.partitionBy,
    createdTime: known?.createdTime ?? nowMs,
    configuration: known?.configuration ?? {},
  };
  return known !== null && JSON.stringify(known) === JSON.stringify(next) ? null : next;
}

/** Reading asks for the reader's version alone; writing for both. */
export function refuseUnknownProtocol({ reader, writer }: Protocol, where: string): void {
  if (reader <= READER_VERSION && writer <= WRITER_VERSION) return;
  throw new SeshError(
    `${where} asks for Delta reader version ${reader} and writer version ${writer}; this sesh knows ${READER_VERSION} and ${WRITER_VERSION}.`,
    { hint: 'Use the newer sesh that wrote it, or set SESH_HOME to another folder.' },
  );
}

function field(name: string, type: string, metadata: Readonly<Record<string, string>>): object {
  return { name, type, nullable: true, metadata };
}

/** A UUID (version 8: contents of our own making) that follows from name and time of birth, so that a repeated run repeats it. */
function tableId(name: string, nowMs: number): string {
  const hex = hash('sha256', `${name}\n${nowMs}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
